import type { EntityManager } from 'typeorm';
import { STATUSES } from '../../payments/reading/status.js';
import type { BatchRows } from './batch-rows.js';
import { copyBinaryRows, copyRows, readNumbers } from './database-copy.js';
import type { Prior } from './decide-batch.js';
import type { Plan } from './plan.js';
import type { SpoolFile } from './spool-file.js';

/** A payment we already hold under a reference of this file. */
export interface KnownPayment {
  readonly row: number;
  readonly id: number;
  readonly differs: string[];
}

/** Loads the payers of the file beside those we know; the map gives each its number, new ones the next free. */
export async function knownPayers(
  tx: EntityManager,
  plan: Plan,
  payers: SpoolFile,
  size: number,
): Promise<{ ids: Float64Array; added: number }> {
  const known = `payer_${plan.promotionId}`;
  await tx.query('create temp table arriving_payer (like payer) on commit drop');
  await copyPayers(tx, 'arriving_payer', payers);
  await tx.query('analyze arriving_payer');
  await tx.query(
    `create temp table known_payer on commit drop as
     select (a.id - ${plan.last.payer} - 1)::integer as n, p.id from arriving_payer a join ${known} p using (identity_mark)`,
  );
  await tx.query('analyze known_payer');
  const ids = new Float64Array(size);
  await readNumbers(tx, 'select n::bigint, id from known_payer', 2, ([n, id]) => (ids[n!] = id!));
  let added = 0;
  for (let payer = 0; payer < size; payer++) if (ids[payer] === 0) ids[payer] = plan.last.payer + ++added;
  await tx.query(
    `insert into ${known} (promotion_id, id, kind, identity_mark, phone_mark, sealed)
     select a.promotion_id, $1::bigint + row_number() over (order by a.id), a.kind, a.identity_mark, a.phone_mark, a.sealed
     from arriving_payer a where not exists (select from known_payer k where k.n = a.id - $1::bigint - 1) order by a.id`,
    [plan.last.payer],
  );
  return { ids, added };
}

/** References of the file that we hold already, with what differs between the two. */
export async function knownPayments(
  tx: EntityManager,
  plan: Plan,
  from: { sourceId: number; rows: BatchRows; ids: Float64Array; reversals: ReadonlyMap<number, string> },
): Promise<KnownPayment[]> {
  const { rows, ids, reversals } = from;
  await tx.query('create temp table arriving (n integer, source_ref text collate "C") on commit drop');
  await copyRows(tx, 'arriving (n, source_ref)', async (out) => {
    for (let row = 0; row < rows.size; row++) {
      out.row(2);
      out.int(row);
      out.bytes(rows.reference(row));
      if (out.waiting) await out.flush();
    }
  });
  await tx.query('analyze arriving');
  const found = await tx.query<Stored[]>(
    `select distinct on (a.n) a.n, p.id, p.amount, extract(epoch from p.paid_at)::bigint as at, p.status, p.payer_id, p.reverses_ref
     from arriving a join payment_${plan.promotionId} p on p.source_ref = a.source_ref and p.source_id = $1
     order by a.n, p.revision desc`,
    [from.sourceId],
  );
  return found.map((stored) => {
    const row = stored.n;
    const differs: string[] = [];
    if (rows.amount[row] !== Number(stored.amount)) differs.push('amount');
    if (ids[rows.payer[row]!] !== Number(stored.payer_id)) differs.push('payer');
    if (rows.paidAt[row] !== Number(stored.at)) differs.push('paid_at');
    if (STATUSES[rows.status(row)] !== stored.status) differs.push('status');
    if ((reversals.get(row) ?? null) !== stored.reverses_ref) differs.push('reverses');
    return { row, id: Number(stored.id), differs };
  });
}

interface Stored {
  n: number;
  id: string;
  amount: string;
  at: string;
  status: string;
  payer_id: string;
  reverses_ref: string | null;
}

/** What the payers of the file have earned so far, as far as a cap asks for it. */
export async function earnedBefore(tx: EntityManager, plan: Plan, size: number): Promise<Prior> {
  const { caps } = plan.terms;
  const programme = new Uint32Array(size);
  const periods: Uint32Array[] = [];
  if (caps.period !== null || caps.programme !== null) {
    const earned = `select k.n::bigint, e.period::bigint, count(*) from known_payer k
      join entry_${plan.promotionId} e on e.payer_id = k.id and e.voided_at is null group by 1, 2`;
    await readNumbers(tx, earned, 3, ([n, period, count]) => {
      (periods[period!] ??= new Uint32Array(size))[n!] = count!;
      programme[n!]! += count!;
    });
  }
  const days = caps.day === null ? null : await earnedByDay(tx, plan);
  return {
    programme: (payer) => programme[payer] ?? 0,
    period: (payer, ordinal) => periods[ordinal]?.[payer] ?? 0,
    day: (payer, day) => days?.get(payer * 65536 + day) ?? 0,
  };
}

async function earnedByDay(tx: EntityManager, plan: Plan): Promise<Map<number, number>> {
  const days = new Map<number, number>();
  const earned = `select k.n::bigint, ((y.paid_at at time zone 'Asia/Ho_Chi_Minh')::date - date '1970-01-01')::bigint, count(*)
    from known_payer k join entry_${plan.promotionId} e on e.payer_id = k.id and e.voided_at is null
    join payment_${plan.promotionId} y on y.id = e.payment_id group by 1, 2`;
  await readNumbers(tx, earned, 3, ([n, day, count]) => days.set(n! * 65536 + day!, count!));
  return days;
}

/** Reversals that came before the payment they take back, by its reference. */
export async function waitingReversals(
  tx: EntityManager,
  plan: Plan,
  sourceId: number,
): Promise<{ reference: string; amount: number }[]> {
  const rows = await tx.query<{ reverses_ref: string; amount: string }[]>(
    `select reverses_ref, sum(amount) as amount from payment_${plan.promotionId}
     where kind = 'reversal' and reverses_id is null and source_id = $1 group by 1`,
    [sourceId],
  );
  return rows.map((row) => ({ reference: row.reverses_ref, amount: Number(row.amount) }));
}

/** Loads the sealed payers of a file; `made`: into a table of this transaction. */
export async function copyPayers(
  tx: EntityManager,
  table: string,
  payers: SpoolFile,
  made = false,
): Promise<void> {
  const columns = '(promotion_id, id, kind, identity_mark, phone_mark, sealed)';
  await copyBinaryRows(tx, `${table} ${columns}`, payers, made);
}
