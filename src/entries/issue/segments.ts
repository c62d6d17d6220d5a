import type { EntityManager } from 'typeorm';
import { type ImportFile, LARGE } from './import-file.js';
import type { Plan } from './plan.js';
import { expectedRows } from './read-file.js';

/**
 * The bulk tables of a promotion: `payer_12`, `entry_12`, and `payment_12` in segments of numbers, `payment_12_0` and so
 * on. A table or segment that a large file fills is loaded bare, indexed and then attached; small files are added to the
 * last segment. A reference is unique within its segment by an index, and among all because every file is compared with
 * the others under the lock of the ledger.
 */
const INDEXES = {
  payer: ['unique index TABLE_id on TABLE (id)', 'unique index TABLE_mark on TABLE (identity_mark)'],
  payment: [
    'unique index TABLE_id on TABLE (id)',
    'unique index TABLE_reference on TABLE (source_ref, source_id, revision)',
    'index TABLE_payer on TABLE (payer_id)',
    `index TABLE_reversal on TABLE (reverses_ref) where kind = 'reversal'`,
  ],
  entry: [
    'unique index TABLE_number on TABLE (number)',
    'unique index TABLE_code on TABLE (code)',
    'unique index TABLE_payment on TABLE (payment_id, ordinal) where voided_at is null',
    'index TABLE_voided on TABLE (payment_id) where voided_at is not null',
  ],
} as const;
const BULK = ['payer', 'payment', 'entry'] as const;

/** Numbers of payments in a segment: those of the largest file there can be, twice. */
export const SEGMENT = 2 ** 25;
/** Kept free at its end for payments that replace others. */
const SPARE = 2 ** 20;
/** No row of a file is shorter: identity, day, amount, reference and what parts them. */
const SHORTEST_ROW = 24;
/** A segment is worth its place from an eighth of what is there already: so there will never be many of them. */
const SHARE = 8;

/** Where the payments of one file go. */
export interface Segment {
  readonly promotionId: number;
  readonly table: string;
  readonly number: number;
  readonly isNew: boolean;
  /** The number before that of its first payment. */
  readonly before: number;
}

/** The segment for a file: the last one, unless there is none yet, the file may not fit, or it is large beside what is there. */
export async function segmentFor(
  tx: EntityManager,
  plan: Plan,
  file: ImportFile & { readonly start: Buffer },
): Promise<Segment> {
  const { promotionId, last } = plan;
  const current = Math.floor(last.payment / SEGMENT);
  const fits = last.payment + file.bytes / SHORTEST_ROW < (current + 1) * SEGMENT - SPARE;
  const isNew = last.batch === 0 || !fits || (await isLargeBeside(tx, promotionId, file));
  const number = isNew && last.batch > 0 ? current + 1 : current;
  const before = isNew && number > 0 ? number * SEGMENT - 1 : last.payment;
  const table = isNew ? `payment_${promotionId}_${number}` : `payment_${promotionId}`;
  return { promotionId, table, number, isNew, before };
}

async function isLargeBeside(
  tx: EntityManager,
  promotionId: number,
  { start, bytes }: { readonly start: Buffer; readonly bytes: number },
): Promise<boolean> {
  if (bytes < LARGE) return false;
  const [held] = await tx.query<{ rows: string }[]>(
    `select coalesce(sum(eligible + refused), 0) as rows from import_batch where promotion_id = $1 and state = 'done'`,
    [promotionId],
  );
  return expectedRows(start, bytes) * SHARE >= Number(held!.rows);
}

/** Makes the bare tables of a promotion's first file, seen by nobody until they are attached. */
export async function makeTables(tx: EntityManager, promotionId: number): Promise<void> {
  for (const table of BULK)
    await tx.query(
      `create table ${table}_${promotionId} (like ${table} including defaults including constraints,
        check (promotion_id = ${promotionId})) ${table === 'payment' ? 'partition by range (id)' : ''}`,
    );
}

/** Makes the bare table of a new segment. */
export async function makeSegment(tx: EntityManager, segment: Segment): Promise<void> {
  const { promotionId, table, number } = segment;
  await tx.query(
    `create table ${table} (like payment_${promotionId} including defaults including constraints,
      check (id >= ${number * SEGMENT} and id < ${(number + 1) * SEGMENT}))`,
  );
}

export async function indexPayers(tx: EntityManager, promotionId: number): Promise<void> {
  await index(tx, `payer_${promotionId}`, INDEXES.payer);
}

/** Indexes a loaded segment and hangs it under its promotion. */
export async function attachSegment(tx: EntityManager, segment: Segment): Promise<void> {
  const { promotionId, table, number } = segment;
  await index(tx, table, INDEXES.payment);
  await tx.query(
    `alter table payment_${promotionId} attach partition ${table}
     for values from (${number * SEGMENT}) to (${(number + 1) * SEGMENT})`,
  );
}

/** Indexes the codes of a promotion's first file and hangs its tables under their parents. */
export async function attachTables(tx: EntityManager, promotionId: number): Promise<void> {
  await index(tx, `entry_${promotionId}`, INDEXES.entry);
  for (const table of BULK)
    await tx.query(
      `alter table ${table} attach partition ${table}_${promotionId} for values in (${promotionId})`,
    );
}

async function index(tx: EntityManager, table: string, indexes: readonly string[]): Promise<void> {
  await tx.query(indexes.map((text) => `create ${text.replaceAll('TABLE', table)}`).join('; '));
}
