import type { EntityManager } from 'typeorm';
import type { Imported } from './import-file.js';
import type { Plan } from './plan.js';

/**
 * Asks the database whether what was loaded is what was decided: numbers of rows, sums, and that the eligible payments are
 * those that have codes: both sets of numbers have one fingerprint, which costs a fraction of joining them. Payers are
 * numbered without gaps under a unique index, so a number within them exists.
 * @throws Error when anything differs: the transaction ends and nothing of the batch stays.
 */
export async function verifyLoaded(tx: EntityManager, plan: Plan, imported: Imported): Promise<void> {
  const { promotionId, last } = plan;
  const total = imported.tallies.total();
  const [payers] = await tx.query<{ count: string; from: string; to: string }[]>(
    `select count(*), coalesce(min(id), 0) as from, coalesce(max(id), 0) as to from payer_${promotionId} where id > $1`,
    [last.payer],
  );
  const [payments] = await tx.query<Record<'count' | 'eligible' | 'amount' | 'payer' | 'mark', string>[]>(
    `select count(*), count(*) filter (where refusals = 0) as eligible,
       coalesce(sum(case kind when 'payment' then amount else -amount end), 0) as amount, coalesce(max(payer_id), 0) as payer,
       (bit_xor(hashint8extended(id, 0)) filter (where refusals = 0))::text as mark
     from payment_${promotionId} where id > $1`,
    [last.payment],
  );
  const [entries] = await tx.query<Record<'count' | 'to' | 'payments' | 'mark', string>[]>(
    `select count(*), coalesce(max(number), 0) as to, count(*) filter (where ordinal = 1) as payments,
       (bit_xor(hashint8extended(payment_id, 0)) filter (where ordinal = 1))::text as mark
     from entry_${promotionId} where number > $1`,
    [last.entry],
  );
  const checks: [string, unknown, unknown][] = [
    ['payers', payers?.count, imported.payers],
    ['payments', payments?.count, total.eligible + total.refused],
    ['eligible payments', payments?.eligible, total.eligible],
    ['amount', payments?.amount, total.amount],
    ['entries', entries?.count, imported.entries],
    ['payments with entries', entries?.payments, total.eligible],
    ['fingerprint of payments with entries', entries?.mark, payments?.mark],
  ];
  if (imported.payers > 0) checks.push(['last payer', payers?.to, last.payer + imported.payers]);
  if (imported.entries > 0) checks.push(['last entry', entries?.to, last.entry + imported.entries]);
  const faults = checks.filter(([, stored, decided]) => String(stored) !== String(decided));
  if (Number(payments?.payer) > last.payer + imported.payers)
    faults.push(['payer of a payment', payments?.payer, last.payer + imported.payers]);
  if (faults.length > 0)
    throw new Error(
      `loaded rows differ from what was decided: ${faults.map(([what, a, b]) => `${what} ${String(a)}, not ${b}`).join('; ')}`,
    );
}
