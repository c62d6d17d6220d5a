import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { delimited } from '../platform/tables/delimited.js';
import type { Finding } from '../platform/http/input-error.js';
import { claimsOf, isHistory } from './unit-claim.js';
import { folded, nameKey } from './unit-name.js';
import { type UnitPlan, unitPlan } from './unit-plan.js';
import { allVersions } from './unit.queries.js';

export interface UnitImport {
  readonly file: Uint8Array;
  /** The day a list is true on; a history brings its own days. */
  readonly validFrom?: string;
  readonly reform?: boolean;
  readonly complete?: boolean;
  readonly legalBasis?: string;
  readonly commit: boolean;
  readonly officer: number | null;
}

export interface UnitImportReport {
  readonly rows: number;
  readonly newUnits: number;
  readonly addedVersions: number;
  readonly movedVersions: number;
  readonly unchanged: number;
  readonly committed: boolean;
  readonly findings: readonly Finding[];
}

/** Brings lists and histories of units in: all of a file or nothing of it, and the same file again changes nothing. */
@Injectable()
export class UnitImporter {
  constructor(
    private readonly db: DataSource,
    private readonly journal: Journal,
  ) {}

  async import(order: UnitImport): Promise<UnitImportReport> {
    const table = delimited(order.file);
    const history = isHistory(table);
    const { claims, findings } = claimsOf(table, order.validFrom ?? null);
    if (!history && !order.validFrom)
      findings.push({
        row: 1,
        column: 'valid_from',
        code: 'units.findings.day-missing',
        got: '',
        expected: '2022-10-01',
      });
    return this.db.transaction(async (tx) => {
      await tx.query('lock table unit_version in share row exclusive mode');
      const options = { history, reform: order.reform === true, complete: order.complete === true };
      const plan = findings.length > 0 ? undefined : unitPlan(await allVersions(tx), claims, options);
      const faults = plan?.findings ?? findings;
      const commit = order.commit && faults.length === 0;
      const report = reportOf(table.rows.length, plan, faults, commit);
      if (commit && plan) await this.save(tx, plan, order, report);
      return report;
    });
  }

  private async save(
    tx: EntityManager,
    plan: UnitPlan,
    order: UnitImport,
    report: UnitImportReport,
  ): Promise<void> {
    if (plan.added.length === 0 && plan.moved.length === 0) return;
    await tx.query(
      `update unit_version v set valid_from = m.valid_from, valid_to = m.valid_to
         from unnest($1::int[], $2::date[], $3::date[]) m(id, valid_from, valid_to) where v.id = m.id`,
      [plan.moved.map(({ id }) => id), plan.moved.map((m) => m.validFrom), plan.moved.map((m) => m.validTo)],
    );
    await insertVersions(tx, plan, order.legalBasis ?? null);
    const { rows, newUnits, addedVersions, movedVersions, unchanged } = report;
    const sha256 = createHash('sha256').update(order.file).digest('hex');
    const facts = {
      sha256,
      validFrom: order.validFrom,
      rows,
      newUnits,
      addedVersions,
      movedVersions,
      unchanged,
    };
    await this.journal.record(tx, { officer: order.officer, act: 'units.imported', subject: 'units', facts });
  }
}

function reportOf(
  rows: number,
  plan: UnitPlan | undefined,
  findings: readonly Finding[],
  committed: boolean,
): UnitImportReport {
  return {
    rows,
    newUnits: plan?.newUnits ?? 0,
    addedVersions: plan?.added.length ?? 0,
    movedVersions: plan?.moved.length ?? 0,
    unchanged: plan?.unchanged ?? 0,
    committed,
    findings: findings.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0)),
  };
}

async function insertVersions(
  tx: EntityManager,
  { newUnits, added }: UnitPlan,
  legalBasis: string | null,
): Promise<void> {
  const made = await tx.query<{ id: number }[]>(
    'insert into unit (created_at) select now() from generate_series(1, $1::int) returning id',
    [newUnits],
  );
  const real = (id: number | null) => (id !== null && id < 0 ? made[-id - 1]?.id : id);
  await tx.query(
    `insert into unit_version (unit_id, code, name, full_name, kind, type, parent_id, valid_from, valid_to,
                               name_key, full_name_key, folded, full_folded, legal_basis)
     select *, $14 from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
                          $8::date[], $9::date[], $10::text[], $11::text[], $12::text[], $13::text[])`,
    [
      added.map(({ unitId }) => real(unitId)),
      added.map(({ code }) => code),
      added.map(({ name }) => name),
      added.map(({ fullName }) => fullName),
      added.map(({ kind }) => kind),
      added.map(({ type }) => type),
      added.map(({ parentId }) => real(parentId)),
      added.map(({ validFrom }) => validFrom),
      added.map(({ validTo }) => validTo),
      added.map(({ name }) => nameKey(name)),
      added.map(({ fullName }) => nameKey(fullName)),
      added.map(({ name }) => folded(name)),
      added.map(({ fullName }) => folded(fullName)),
      legalBasis,
    ],
  );
}
