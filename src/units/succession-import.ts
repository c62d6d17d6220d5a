import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import type { Finding } from '../platform/http/input-error.js';
import { delimited } from '../platform/tables/delimited.js';
import { successionPlan, type StoredSuccession, type SuccessionPlan } from './succession-plan.js';
import { allVersions } from './unit.queries.js';

export interface SuccessionImport {
  readonly file: Uint8Array;
  /** The day the new units began; without it, each old unit's own last day. */
  readonly on?: string;
  readonly legalBasis?: string;
  readonly commit: boolean;
  readonly officer: number | null;
}

export interface SuccessionReport {
  readonly rows: number;
  readonly added: number;
  readonly unchanged: number;
  readonly carriedOn: number;
  readonly unresolved: number;
  readonly levelRemoved: number;
  readonly committed: boolean;
  readonly findings: readonly Finding[];
}

/** Brings tables "old unit -> new unit" in: all of a file or nothing of it. */
@Injectable()
export class SuccessionImporter {
  constructor(
    private readonly db: DataSource,
    private readonly journal: Journal,
  ) {}

  async import({ file, on, commit, officer, legalBasis }: SuccessionImport): Promise<SuccessionReport> {
    const table = delimited(file);
    return this.db.transaction(async (tx) => {
      await tx.query('lock table succession in share row exclusive mode');
      const stored = await tx.query<StoredSuccession[]>(
        `select from_unit_id as "fromUnitId", to_unit_id as "toUnitId", took_effect_on as "on", kind, extent, share, is_primary as "isPrimary"
           from succession`,
      );
      const plan = successionPlan(table, await allVersions(tx), stored, on);
      const committed = commit && plan.findings.length === 0;
      if (committed && plan.added.length > 0) await this.save(tx, plan, officer, legalBasis ?? null);
      const { added, ...rest } = plan;
      return { rows: table.rows.length, ...rest, added: added.length, committed };
    });
  }

  private async save(
    tx: EntityManager,
    plan: SuccessionPlan,
    officer: number | null,
    legalBasis: string | null,
  ) {
    const { added } = plan;
    await tx.query(
      `insert into succession (from_unit_id, to_unit_id, kind, took_effect_on, extent, share, is_primary, legal_basis)
       select *, $8 from unnest($1::int[], $2::int[], $3::text[], $4::date[], $5::text[], $6::numeric[], $7::boolean[])`,
      [
        added.map(({ fromUnitId }) => fromUnitId),
        added.map(({ toUnitId }) => toUnitId),
        added.map(({ kind }) => kind),
        added.map(({ on }) => on),
        added.map(({ extent }) => extent),
        added.map(({ share }) => share),
        added.map(({ isPrimary }) => isPrimary),
        legalBasis,
      ],
    );
    const facts = { added: added.length, unresolved: plan.unresolved, levelRemoved: plan.levelRemoved };
    await this.journal.record(tx, { officer, act: 'units.succeeded', subject: 'units', facts });
  }
}
