import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Journal } from '../journal/journal.service.js';

export const ORGANISATION_KINDS = [
  'administration',
  'bank',
  'intermediary',
  'oversight',
  'association',
] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

export interface NewOrganisation {
  code: string;
  name: string;
  kind: OrganisationKind;
}

/** The bodies that officers belong to: a draw needs officers of two of them. */
@Injectable()
export class Organisations {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  /** The caller has checked that code and name are free. */
  async add(tx: EntityManager, by: number | null, { code, name, kind }: NewOrganisation): Promise<number> {
    const [row] = await tx.query<{ id: number }[]>(
      `insert into organisation (code, name, kind, created_at) values ($1, $2, $3, $4) returning id`,
      [code, name.trim(), kind, this.clock.now()],
    );
    const id = Number(row?.id);
    await this.journal.record(tx, {
      officer: by,
      act: 'organisation.added',
      subject: `organisation/${code}`,
      facts: { kind },
    });
    return id;
  }

  /** The organisation of this code, made if there is none: for the first start and for the demo. */
  async ensure(tx: EntityManager, organisation: NewOrganisation): Promise<number> {
    const [known] = await tx.query<{ id: number }[]>(`select id from organisation where code = $1`, [
      organisation.code,
    ]);
    return known ? known.id : this.add(tx, null, organisation);
  }
}
