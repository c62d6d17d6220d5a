import type { DataSource } from 'typeorm';
import { type Refusal, reasonsIn } from '../rules/eligibility/refusal.js';
import { NO_WAIT, prepared } from '../platform/database/prepared.js';

/** A try to look something up: fingerprints of what was asked and from where. */
export interface Try {
  readonly promotionId: number;
  readonly code: string;
  readonly reference: string;
  readonly subjectMark: Buffer;
  readonly addressMark: Buffer;
  readonly now: Date;
}

/** How many tries are let through since this instant. */
export interface Limit {
  readonly since: Date;
  readonly subject: number;
  readonly address: number;
}

/** `attempt` is null when there were too many; the holder is null when there is nobody. */
export interface Tried {
  readonly attempt: number | null;
  readonly payerId: number | null;
  readonly sealed: Buffer | null;
}

/**
 * Counts the try, and finds who holds the code, also one that was voided, else who made the payment with this reference.
 * One statement, the same whoever asks for what.
 */
export async function tryHolder(db: DataSource, asked: Try, limit: Limit): Promise<Tried> {
  const of = `promotion_id = ${Number(asked.promotionId)}`;
  const [tried] = await prepared<Tried>(
    db,
    `try-holder-${asked.promotionId}`,
    `with counted as (
       select (select count(*) from code_lookup where subject_mark = $1 and failed and at > $3) as subject,
         (select count(*) from code_lookup where address_mark = $2 and at > $3) as address),
     added as (insert into code_lookup (subject_mark, address_mark, at) select $1, $2, $4 from counted
       where counted.subject < $5 and counted.address < $6 returning id)
     select (select id from added) as attempt, h.id as "payerId", h.sealed, ${NO_WAIT} as quick
     from (select) one left join lateral (
       select y.id, y.sealed from (
         (select payer_id, 1 as way from entry where ${of} and code = $7)
         union all
         (select payer_id, 2 from payment where ${of} and source_ref = $8 order by revision desc limit 1)) found
       join payer y on y.${of} and y.id = found.payer_id order by found.way limit 1) h on true`,
    [
      asked.subjectMark,
      asked.addressMark,
      limit.since,
      asked.now,
      limit.subject,
      limit.address,
      asked.code,
      asked.reference,
    ],
  );
  return tried!;
}

/** Takes away tries of before, a few at a time; waits for nobody who does the same. */
export async function forgetTries(db: DataSource, before: Date): Promise<void> {
  await db.query(
    `delete from code_lookup where id in (
       select id from code_lookup where at < $1 order by at limit 500 for update skip locked)`,
    [before],
  );
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

/** All payments of a holder, the latest first, with their codes, voided ones as well. The try was a right one. */
export async function paymentsOf(
  db: DataSource,
  { promotionId, payerId, attempt }: { promotionId: number; payerId: number; attempt: number },
): Promise<OwnPayment[]> {
  const of = `promotion_id = ${Number(promotionId)}`;
  const rows = await prepared<
    Omit<OwnPayment, 'reasons' | 'codes'> & { refusals: number; codes: OwnPayment['codes'] | null }
  >(
    db,
    `payments-of-${promotionId}`,
    `with right_one as (update code_lookup set failed = false where id = $2)
     select p.source_ref as reference, p.paid_at as "paidAt", p.amount, p.reversed, p.refusals,
       (select json_agg(json_build_object('code', e.code, 'period', d.slug, 'periodTitleVi', d.title_vi,
          'periodTitleEn', d.title_en, 'issuedAt', e.issued_at, 'voidedAt', e.voided_at) order by e.number)
        from (select * from entry where ${of} and payment_id = p.id and voided_at is null
              union all select * from entry where ${of} and payment_id = p.id and voided_at is not null) e
        left join draw_period d on d.campaign_id = ${Number(promotionId)} and d.ordinal = e.period) as codes,
       ${NO_WAIT} as quick
     from payment p where p.${of} and p.payer_id = $1
     order by p.paid_at desc, p.id desc limit ${MOST_SHOWN}`,
    [payerId, attempt],
  );
  return rows.map(({ reference, paidAt, amount, reversed, refusals, codes }) => ({
    reference,
    paidAt,
    amount,
    reversed,
    reasons: reasonsIn(refusals),
    codes: codes ?? [],
  }));
}
