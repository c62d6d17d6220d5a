import type { EntityManager } from 'typeorm';
import type { Plan } from './issue/plan.js';
import { addTally } from './issue/settle.js';

/** Rows of an earlier batch that this one brought corrected: they leave the quarantine, their first sending counts as a duplicate. */
export async function closeCorrected(
  tx: EntityManager,
  plan: Plan,
  batch: { readonly id: number; readonly corrects_id: number },
): Promise<number> {
  const rows = await tx.query<{ day: string | null; period: number | null; count: number }[]>(
    `with corrected as (
       update quarantined_row q set corrected_by = $2, corrected_at = $4
       where q.batch_id = $1 and q.corrected_by is null
         and q.row_number in (select row_number from payment_${plan.promotionId} where batch_id = $2 and id > $3)
       returning q.day, q.period)
     select day, period, count(*)::int as count from corrected group by 1, 2`,
    [batch.corrects_id, batch.id, plan.last.payment, plan.now],
  );
  for (const { day, period, count } of rows) {
    const line = { received: 0, eligible: 0, refused: 0, quarantined: -count, duplicate: count };
    const nothing = { amount: 0, issued: 0, voided: 0 };
    await addTally(tx, plan.promotionId, batch.corrects_id, { day, period, ...line, ...nothing }, plan.now);
  }
  return rows.reduce((sum, { count }) => sum + count, 0);
}
