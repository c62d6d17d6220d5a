import type { EntityManager } from 'typeorm';
import { codeOf } from '../../rules/eligibility/code.js';
import type { CopyRows } from './copy-rows.js';
import { copyRows } from './database-copy.js';
import type { BatchDecision } from './decide-batch.js';
import type { Plan } from './plan.js';

const COLUMNS = 'promotion_id, number, payment_id, payer_id, ordinal, period, issued_at, code';

/** Numbers the granted entries in the order of issue and loads their codes. */
export async function writeEntries(
  tx: EntityManager,
  plan: Plan,
  { order, granted, period }: BatchDecision,
  payerIdOf: (row: number) => number,
): Promise<void> {
  const { promotionId, last, format, recordedAt } = plan;
  const target = `entry_${promotionId} (${COLUMNS})`;
  const write = async (out: CopyRows) => {
    let number = last.entry;
    for (const row of order) {
      for (let ordinal = 1; ordinal <= granted[row]!; ordinal++) {
        out.row(8);
        out.int(promotionId);
        out.big(++number);
        out.big(last.payment + row + 1);
        out.big(payerIdOf(row));
        out.int(ordinal);
        out.int(period[row]!);
        out.moment(recordedAt);
        out.ascii(codeOf(number, format));
        if (out.waiting) await out.flush();
      }
    }
  };
  await copyRows(tx, target, write, last.batch === 0);
}
