import type { EntityManager } from 'typeorm';
import type { Held } from '../rules/eligibility/sequence.js';
import type { Plan } from './issue/plan.js';

/** A payment as it is kept, with what its place in the order of issue is made of. */
export interface StoredPayment extends Held {
  readonly payerId: number;
  readonly place: readonly [number, number, string];
  readonly refusals: number;
  readonly wanted: number;
  readonly period: number | null;
}

/** All payments of these payers in the order of issue, with their standing entries, payer by payer. */
export async function heldBy(
  tx: EntityManager,
  plan: Plan,
  payerIds: readonly number[],
): Promise<Map<number, StoredPayment[]>> {
  const { promotionId } = plan;
  const payments = await tx.query<PaymentRow[]>(
    `select p.id, p.payer_id, p.kind, p.amount, p.reversed, extract(epoch from p.paid_at)::float8 as paid_at, p.status, p.channel, p.method,
       p.procedure_code, p.unit_code, p.refusals, p.wanted, p.period, p.source_ref, b.position,
       floor(extract(epoch from b.received_at))::float8 as recorded_at, y.kind as payer_kind, y.identity_mark, y.phone_mark,
       exists (select from payment_${promotionId} later where later.source_id = p.source_id
         and later.source_ref = p.source_ref and later.revision > p.revision) as superseded,
       (select json_agg(json_build_object('number', e.number, 'ordinal', e.ordinal, 'period', e.period) order by e.ordinal)
        from entry_${promotionId} e where e.payment_id = p.id and e.voided_at is null) as entries
     from payment_${promotionId} p join import_batch b on b.id = p.batch_id join payer_${promotionId} y on y.id = p.payer_id
     where p.payer_id = any($1) order by p.payer_id, b.position, p.paid_at, p.source_ref, p.revision`,
    [payerIds],
  );
  const held = new Map<number, StoredPayment[]>();
  for (const row of payments) {
    const stored = storedFrom(row, plan);
    const list = held.get(stored.payerId);
    if (list) list.push(stored);
    else held.set(stored.payerId, [stored]);
  }
  return held;
}

interface PaymentRow {
  id: string;
  payer_id: string;
  kind: 'payment' | 'reversal';
  amount: string;
  reversed: string;
  paid_at: number;
  status: string;
  channel: string;
  method: string;
  procedure_code: string;
  unit_code: string;
  refusals: number;
  wanted: number;
  period: number | null;
  source_ref: string;
  position: number;
  recorded_at: number;
  payer_kind: 'person' | 'business';
  identity_mark: Buffer;
  phone_mark: Buffer | null;
  superseded: boolean;
  entries: Held['entries'] | null;
}

function storedFrom(row: PaymentRow, plan: Plan): StoredPayment {
  const isExcluded = (mark: Buffer | null) => mark !== null && plan.exclusions.has(mark.toString('latin1'));
  return {
    id: Number(row.id),
    payerId: Number(row.payer_id),
    place: [row.position, row.paid_at, row.source_ref],
    refusals: row.refusals,
    wanted: row.wanted,
    period: row.period,
    entries: row.entries ?? [],
    facts: {
      kind: row.kind,
      amount: Number(row.amount),
      reversed: Number(row.reversed),
      paidAt: row.paid_at,
      recordedAt: row.recorded_at,
      settled: row.status === 'settled',
      superseded: row.superseded,
      excluded: isExcluded(row.identity_mark) || isExcluded(row.phone_mark),
      payerKind: row.payer_kind,
      channel: row.channel,
      method: row.method,
      procedure: row.procedure_code,
      unit: row.unit_code,
    },
  };
}
