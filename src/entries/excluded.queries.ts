import type { EntityManager } from 'typeorm';

/** Fingerprints on the lists of a promotion ($1) that were not withdrawn. */
const FINGERPRINTS = `select e.fingerprint from exclusion e join exclusion_list l on l.id = e.exclusion_list_id
  where l.promotion_id = $1 and l.withdrawn_at is null`;

/** Whether a holder is on a list now: asked again at the award. */
export async function isExcluded(tx: EntityManager, promotionId: number, payerId: number): Promise<boolean> {
  const [row] = await tx.query<{ excluded: boolean }[]>(
    `select exists (select from payer y where y.promotion_id = $1 and y.id = $2
       and (y.identity_mark in (${FINGERPRINTS}) or y.phone_mark in (${FINGERPRINTS}))) as excluded`,
    [promotionId, payerId],
  );
  return row?.excluded ?? false;
}

/**
 * Bars those who are excluded now and still hold codes from the list of one period: codes of a list that was closed before
 * they were excluded are not voided any more, and would be carried over.
 * @returns how many people.
 */
export async function barExcluded(
  tx: EntityManager,
  list: { promotionId: number; periodId: number; at: Date; officerId: number },
): Promise<number> {
  const rows = await tx.query<unknown[]>(
    `with barred as (
       insert into bar (draw_period_id, promotion_id, payer_id, reason, barred_at, barred_by)
       select $2, $1, y.id, 'excluded', $3, $4 from payer y
       where y.promotion_id = $1 and (y.identity_mark in (${FINGERPRINTS}) or y.phone_mark in (${FINGERPRINTS}))
         and exists (select from payment m join entry e on e.promotion_id = $1 and e.payment_id = m.id and e.voided_at is null
           where m.promotion_id = $1 and m.payer_id = y.id)
       on conflict do nothing returning payer_id)
     select payer_id from barred`,
    [list.promotionId, list.periodId, list.at, list.officerId],
  );
  return rows.length;
}
