import type { EntityManager } from 'typeorm';
import { STATUSES } from '../../payments/reading/status.js';
import type { BatchRows } from './batch-rows.js';
import type { CopyRows } from './copy-rows.js';
import { copyRows, readNumbers } from './database-copy.js';
import type { Prior } from './decide-batch.js';
import { MARKS } from './payer-sealer.js';
import type { Plan } from './plan.js';

/** A payment we already hold under a reference of this file. */
export interface KnownPayment {
  readonly row: number;
  readonly id: number;
  readonly differs: string[];
}

/**
 * Asks for the payers of the file among those we know, by their fingerprints. Each gets its number: new ones the next free,
 * in the order in which they came. `known_payer` holds who was known until the transaction ends.
 */
export async function knownPayers(
  tx: EntityManager,
  plan: Plan,
  marks: readonly Uint8Array[],
  size: number,
): Promise<{ ids: Float64Array; added: number }> {
  await tx.query('create temp table arriving_payer (n integer, identity_mark bytea) on commit drop');
  await copyRows(tx, 'arriving_payer', async (out) => {
    let payer = 0;
    for (const block of marks) {
      for (let at = 0; at < block.length; at += MARKS) {
        out.row(2);
        out.int(payer++);
        out.bytes(block, at, at + 32);
      }
      if (out.waiting) await out.flush();
    }
  });
  await tx.query('analyze arriving_payer');
  await tx.query(
    `create temp table known_payer on commit drop as
     select a.n, p.id from arriving_payer a join payer_${plan.promotionId} p using (identity_mark)`,
  );
  await tx.query('analyze known_payer');
  const ids = new Float64Array(size);
  await readNumbers(tx, 'select n::bigint, id from known_payer', 2, ([n, id]) => (ids[n!] = id!));
  let added = 0;
  for (let payer = 0; payer < size; payer++) if (ids[payer] === 0) ids[payer] = plan.last.payer + ++added;
  return { ids, added };
}

/**
 * Has a file read, and its references written into `arriving` meanwhile, row by row: the database takes them while it would
 * wait otherwise.
 */
export async function withReferences(
  tx: EntityManager,
  read: (references: CopyRows) => Promise<void>,
): Promise<void> {
  await tx.query('create temp table arriving (n integer, source_ref text collate "C") on commit drop');
  await copyRows(tx, 'arriving (n, source_ref)', read);
}

/** The references in `arriving` that we hold already, with what differs between the two. */
export async function knownPayments(
  tx: EntityManager,
  plan: Plan,
  from: { sourceId: number; rows: BatchRows; ids: Float64Array; reversals: ReadonlyMap<number, string> },
): Promise<KnownPayment[]> {
  const { rows, ids, reversals } = from;
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

/** What the payers of the file, numbered by `ids`, have earned so far, as far as a cap asks for it. */
export async function earnedBefore(tx: EntityManager, plan: Plan, ids: Float64Array): Promise<Prior> {
  const { caps } = plan.terms;
  const programme = new Uint32Array(ids.length);
  const periods: Uint32Array[] = [];
  if (caps.period !== null || caps.programme !== null)
    await eachEntry(tx, plan, ids, (payer, period) => {
      programme[payer]!++;
      (periods[period] ??= new Uint32Array(ids.length))[payer]!++;
    });
  const days = caps.day === null ? null : await earnedByDay(tx, plan);
  return {
    programme: (payer) => programme[payer] ?? 0,
    period: (payer, ordinal) => periods[ordinal]?.[payer] ?? 0,
    day: (payer, day) => days?.get(payer * 65536 + day) ?? 0,
  };
}

/** Standing codes of the file's payers. When these are many, all codes go by: to count them here is faster than to join. */
async function eachEntry(
  tx: EntityManager,
  plan: Plan,
  ids: Float64Array,
  count: (payer: number, period: number) => void,
): Promise<void> {
  const entries = `entry_${plan.promotionId}`;
  if (ids.length * 16 < plan.last.payer) {
    const earned = `select k.n::bigint, e.period::bigint from known_payer k
      join payment_${plan.promotionId} y on y.payer_id = k.id
      join ${entries} e on e.payment_id = y.id and e.voided_at is null`;
    return readNumbers(tx, earned, 2, ([payer, period]) => count(payer!, period!));
  }
  const payerOf = new Int32Array(plan.last.payer + 1).fill(-1);
  for (let payer = 0; payer < ids.length; payer++)
    if (ids[payer]! <= plan.last.payer) payerOf[ids[payer]!] = payer;
  const all = `select payer_id, period::bigint from ${entries} where voided_at is null`;
  return readNumbers(tx, all, 2, ([id, period]) => {
    const payer = payerOf[id!]!;
    if (payer >= 0) count(payer, period!);
  });
}

async function earnedByDay(tx: EntityManager, plan: Plan): Promise<Map<number, number>> {
  const days = new Map<number, number>();
  const earned = `select k.n::bigint, ((y.paid_at at time zone 'Asia/Ho_Chi_Minh')::date - date '1970-01-01')::bigint, count(*)
    from known_payer k join payment_${plan.promotionId} y on y.payer_id = k.id
    join entry_${plan.promotionId} e on e.payment_id = y.id and e.voided_at is null group by 1, 2`;
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
