import type { EntityManager } from 'typeorm';
import { startOfDay } from '../rules/eligibility/day.js';
import { bitOf, maskOf, type Refusal, reasonsIn } from '../rules/eligibility/refusal.js';
import type { Terms } from '../rules/eligibility/terms.js';

export interface Preview {
  readonly payments: number;
  readonly qualify: number;
  readonly reasons: { reason: Refusal; count: number }[];
}

/** What of the bits the draft does not touch is kept from the last decision. */
const KEPT = maskOf(['reversal', 'superseded', 'reversed', 'excluded']);

/** Of the payments we have, how many would qualify under these terms and why others would not; before caps and closed lists. */
export async function preview(tx: EntityManager, promotionId: number, terms: Terms): Promise<Preview> {
  const listed = (values: readonly string[] | null, column: string, bit: Refusal, parameters: unknown[]) => {
    if (!values) return '0';
    parameters.push(values);
    return `case when ${column} = any($${parameters.length}::text[]) then 0 else ${bitOf(bit)} end`;
  };
  const step = terms.entries.rule === 'step' ? (terms.entries.step ?? 0) : 0;
  const parameters: unknown[] = [
    promotionId,
    startOfDay(terms.opensOn),
    startOfDay(terms.closesOn) + 86400,
    Math.max(terms.minimumAmount, step),
  ];
  const bits = [
    `p.refusals & ${KEPT}`,
    terms.settledOnly ? `case when p.status = 'settled' then 0 else ${bitOf('not-settled')} end` : '0',
    `case when p.paid_at < to_timestamp($2) then ${bitOf('before-window')} when p.paid_at >= to_timestamp($3) then ${bitOf('after-window')} else 0 end`,
    `case when p.amount - p.reversed < $4 and p.amount > p.reversed then ${bitOf('below-minimum')} else 0 end`,
    listed(terms.channels, 'p.channel', 'channel', parameters),
    listed(terms.methods, 'p.method', 'method', parameters),
    listed(terms.procedures, 'p.procedure_code', 'procedure', parameters),
    listed(terms.units, 'p.unit_code', 'unit', parameters),
    listed(
      terms.payerKinds,
      `(select y.kind from payer y where y.promotion_id = $1 and y.id = p.payer_id)`,
      'payer-kind',
      parameters,
    ),
  ];
  const rows = await tx.query<{ mask: number; count: number }[]>(
    `select case when p.kind = 'reversal' then ${bitOf('reversal')} else ${bits.map((bit) => `(${bit})`).join(' | ')} end as mask, count(*)::int as count
     from payment p where p.promotion_id = $1 group by 1`,
    parameters,
  );
  return summed(rows);
}

function summed(rows: readonly { mask: number; count: number }[]): Preview {
  const reasons = new Map<Refusal, number>();
  let payments = 0;
  let qualify = 0;
  for (const { mask, count } of rows) {
    payments += count;
    if (mask === 0) qualify += count;
    for (const reason of reasonsIn(mask)) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  }
  const sorted = [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  return { payments, qualify, reasons: sorted };
}
