import type { DataSource } from 'typeorm';
import { type Refusal, reasonsIn } from '../rules/eligibility/refusal.js';

export interface Holder {
  readonly payerId: number;
  readonly sealed: Buffer;
}

/** Who holds a code, also one that was voided. */
export async function holderOfCode(
  db: DataSource,
  promotionId: number,
  code: string,
): Promise<Holder | undefined> {
  const rows = await db.query<Holder[]>(
    `select y.id as "payerId", y.sealed from entry e join payer y on y.promotion_id = $1 and y.id = e.payer_id
     where e.promotion_id = $1 and e.code = $2`,
    [promotionId, code],
  );
  return rows[0];
}

/** Who made the payment with this reference. */
export async function holderOfPayment(
  db: DataSource,
  promotionId: number,
  reference: string,
): Promise<Holder | undefined> {
  const rows = await db.query<Holder[]>(
    `select y.id as "payerId", y.sealed from payment p join payer y on y.promotion_id = $1 and y.id = p.payer_id
     where p.promotion_id = $1 and p.source_ref = $2 order by p.revision desc limit 1`,
    [promotionId, reference],
  );
  return rows[0];
}

/** A payment as its payer may see it. */
export interface OwnPayment {
  readonly reference: string;
  readonly paidAt: Date;
  readonly amount: number;
  readonly reversed: number;
  readonly reasons: Refusal[];
  readonly codes: {
    code: string;
    period: string;
    periodTitleVi: string;
    periodTitleEn: string;
    issuedAt: string;
    voidedAt: string | null;
  }[];
}

const MOST_SHOWN = 200;

/** All payments of a holder, the latest first, with their codes, voided ones as well. */
export async function paymentsOf(
  db: DataSource,
  promotionId: number,
  payerId: number,
): Promise<OwnPayment[]> {
  const rows = await db.query<
    (Omit<OwnPayment, 'reasons' | 'codes'> & { refusals: number; codes: OwnPayment['codes'] | null })[]
  >(
    `select p.source_ref as reference, p.paid_at as "paidAt", p.amount, p.reversed, p.refusals,
       (select json_agg(json_build_object('code', e.code, 'period', d.slug, 'periodTitleVi', d.title_vi, 'periodTitleEn', d.title_en,
          'issuedAt', e.issued_at, 'voidedAt', e.voided_at) order by e.number)
        from entry e left join draw_period d on d.campaign_id = $1 and d.ordinal = e.period
        where e.promotion_id = $1 and e.payer_id = $2 and e.payment_id = p.id) as codes
     from payment p where p.promotion_id = $1 and p.payer_id = $2 order by p.paid_at desc, p.id desc limit ${MOST_SHOWN}`,
    [promotionId, payerId],
  );
  return rows.map(({ refusals, codes, ...payment }) => ({
    ...payment,
    reasons: reasonsIn(refusals),
    codes: codes ?? [],
  }));
}
