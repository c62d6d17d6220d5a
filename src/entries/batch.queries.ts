import type { DataSource } from 'typeorm';
import type { BatchFault } from './intake-progress.js';

export interface BatchRow {
  readonly id: number;
  readonly promotion_id: number;
  readonly state: 'waiting' | 'running' | 'done' | 'refused' | 'failed' | 'cancelled';
  readonly via: string;
  readonly profile: string;
  readonly file_name: string;
  readonly file_bytes: number;
  readonly sha256: string;
  readonly received_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly officer: string | null;
  readonly organisation: string | null;
  readonly read_bytes: number;
  readonly read_rows: number;
  readonly fault: BatchFault | null;
  readonly position: number | null;
  readonly received: number;
  readonly eligible: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly duplicate: number;
  readonly conflicting: number;
  readonly passed_over: number;
  readonly entries: number;
  readonly amount: number;
  readonly percent: number;
}

const SELECT = `select b.*, encode(b.file_sha256, 'hex') as sha256, o.name as officer, g.name as organisation,
    case b.state when 'done' then 100 when 'running' then least(99, floor(50.0 * b.read_bytes / greatest(1, b.file_bytes)))::int else 0 end as percent
  from import_batch b left join officer o on o.id = b.received_by left join organisation g on g.id = b.organisation_id`;

export const PAGE = 50;

/** Batches of a promotion, the latest first. */
export function batchesOf(db: DataSource, promotionId: number, before?: number): Promise<BatchRow[]> {
  return db.query<BatchRow[]>(
    `${SELECT} where b.promotion_id = $1 and b.id < $2 order by b.id desc limit ${PAGE}`,
    [promotionId, before ?? 2 ** 31 - 1],
  );
}

export async function batchById(
  db: DataSource,
  promotionId: number,
  id: number,
): Promise<BatchRow | undefined> {
  const rows = await db.query<BatchRow[]>(`${SELECT} where b.promotion_id = $1 and b.id = $2`, [
    promotionId,
    id,
  ]);
  return rows[0];
}

export interface QuarantinedRow {
  readonly id: number;
  readonly row_number: number;
  readonly sealed: Buffer;
  readonly corrected_by: number | null;
}

/** Quarantined rows in the order of the file, from behind a row number. */
export function quarantinedRows(
  db: DataSource,
  batchId: number,
  after: number,
  limit: number,
): Promise<QuarantinedRow[]> {
  return db.query<QuarantinedRow[]>(
    `select id, row_number, sealed, corrected_by from quarantined_row where batch_id = $1 and row_number > $2 order by row_number limit $3`,
    [batchId, after, limit],
  );
}

/** How often each finding occurs in a batch. */
export function findingCounts(
  db: DataSource,
  batchId: number,
): Promise<{ code: string; column: string; count: number }[]> {
  return db.query(
    `select f.code, f."column", count(*)::int as count from quarantined_row q, unnest(q.codes, q.columns) as f (code, "column")
     where q.batch_id = $1 group by 1, 2 order by 3 desc, 1`,
    [batchId],
  );
}

/** Why payments of a batch were refused, with the number of each reason; a payment may have several. */
export async function refusalMasks(
  db: DataSource,
  promotionId: number,
  batchId: number,
): Promise<{ refusals: number; count: number }[]> {
  return db.query(
    `select refusals, count(*)::int as count from payment where promotion_id = $1 and batch_id = $2 and refusals <> 0 group by 1`,
    [promotionId, batchId],
  );
}

/** Promotions with what waits for a person. */
export interface DeskRow {
  readonly id: number;
  readonly slug: string;
  readonly title_vi: string;
  readonly title_en: string;
  readonly received: number;
  readonly issued: number;
  readonly running: number;
  readonly conflicts: number;
  readonly quarantined: number;
}

export function deskRows(db: DataSource): Promise<DeskRow[]> {
  return db.query<DeskRow[]>(
    `select p.id, c.slug, c.title_vi, c.title_en,
       coalesce((select sum(received) from tally t where t.promotion_id = p.id), 0)::int as received,
       coalesce((select sum(issued - voided) from tally t where t.promotion_id = p.id), 0)::int as issued,
       (select count(*) from import_batch b where b.promotion_id = p.id and b.state in ('waiting', 'running'))::int as running,
       (select count(*) from payment_conflict k where k.promotion_id = p.id and k.decision is null)::int as conflicts,
       (select count(*) from quarantined_row q join import_batch b on b.id = q.batch_id
        where b.promotion_id = p.id and q.corrected_by is null)::int as quarantined
     from promotion p join campaign c on c.id = p.id order by c.starts_on desc, p.id desc`,
  );
}
