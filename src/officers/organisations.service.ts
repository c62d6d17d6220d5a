import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
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

  /** @throws InputError beside the fields. */
  async addFromForm(
    tx: EntityManager,
    by: number,
    form: { code: string; name: string; kind: string },
  ): Promise<number> {
    const kind = ORGANISATION_KINDS.find((one) => one === form.kind);
    const findings = await this.faultsOfName(tx, form.name, 'name');
    if (!/^[a-z0-9][a-z0-9-]{1,39}$/.test(form.code))
      findings.push({ field: 'code', code: 'officers.findings.code.form' });
    else if (
      (await tx.query<unknown[]>(`select 1 from organisation where code = $1`, [form.code])).length > 0
    )
      findings.push({ field: 'code', code: 'officers.findings.code.taken' });
    if (!kind) findings.push({ field: 'kind', code: 'errors.findings.isIn' });
    if (findings.length > 0 || !kind) throw new InputError(findings);
    return this.add(tx, by, { ...form, kind });
  }

  /** @throws InputError on `newName`. */
  async rename(tx: EntityManager, by: number, id: number, name: string): Promise<void> {
    const findings = await this.faultsOfName(tx, name, 'newName', id);
    if (findings.length > 0) throw new InputError(findings);
    const rows = await tx.query<{ code: string }[]>(
      `with named as (update organisation set name = $2 where id = $1 returning code) select * from named`,
      [id, name],
    );
    if (!rows[0]) throw new NotFoundException();
    await this.journal.record(tx, {
      officer: by,
      act: 'organisation.renamed',
      subject: `organisation/${rows[0].code}`,
    });
  }

  /** The organisation of this code, made if there is none: for the first start and for the demo. */
  async ensure(tx: EntityManager, organisation: NewOrganisation): Promise<number> {
    const [known] = await tx.query<{ id: number }[]>(`select id from organisation where code = $1`, [
      organisation.code,
    ]);
    return known ? known.id : this.add(tx, null, organisation);
  }

  private async faultsOfName(tx: EntityManager, name: string, field: string, own = 0): Promise<Finding[]> {
    if (name.length < 2 || name.length > 200) return [{ field, code: 'officers.findings.organisation' }];
    const taken = await tx.query<unknown[]>(
      `select 1 from organisation where lower(name) = lower($1) and id <> $2`,
      [name, own],
    );
    return taken.length > 0 ? [{ field, code: 'officers.findings.nameTaken' }] : [];
  }
}
