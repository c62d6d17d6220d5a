import type { EntityManager } from 'typeorm';
import type { BatchRows } from './batch-rows.js';
import type { CopyRows } from './copy-rows.js';
import { copyRows } from './database-copy.js';
import type { BatchDecision } from './decide-batch.js';
import { type PaymentSpool, TEXT_COLUMNS, TEXTS } from './payment-spool.js';
import type { Plan } from './plan.js';
import type { Segment } from './segments.js';
import type { Reversed } from './taken-back.js';

const NUMBERS = `promotion_id, id, payer_id, amount, reversed, paid_at, batch_id, row_number, source_id, refusals, wanted, period, reverses_id`;
const COLUMNS = NUMBERS.split(', ').length + TEXTS;

export interface DecidedBatch {
  readonly id: number;
  readonly segment: Segment;
  readonly sourceId: number;
  readonly rows: BatchRows;
  readonly texts: PaymentSpool;
  readonly decision: BatchDecision;
  readonly reversed: Reversed;
  readonly payerIdOf: (row: number) => number;
}

/** Loads the rows that stay, in the order of the file, with what was decided. `progress` is told how many were written. */
export async function writePayments(
  tx: EntityManager,
  plan: Plan,
  batch: DecidedBatch,
  progress: (rows: number) => Promise<void>,
): Promise<void> {
  const target = `${batch.segment.table} (${NUMBERS}, ${TEXT_COLUMNS})`;
  const write = async (out: CopyRows) => {
    let row = 0;
    for await (const bytes of batch.texts.rows()) {
      for (let at = 0; at < bytes.length; row++) {
        const from = at + 2;
        at = from + bytes.readUInt16LE(at);
        if (batch.rows.isDropped(row)) continue;
        numbers(out, plan, batch, row);
        out.fields(bytes, from, at);
      }
      if (out.waiting) await out.flush();
      await progress(row);
    }
  };
  await copyRows(tx, target, write, batch.segment.isNew);
}

function numbers(out: CopyRows, plan: Plan, batch: DecidedBatch, row: number): void {
  const { rows, decision, reversed } = batch;
  out.row(COLUMNS);
  out.int(plan.promotionId);
  out.big(plan.last.payment + row + 1);
  out.big(batch.payerIdOf(row));
  out.big(rows.amount[row]!);
  out.big(reversed.amounts.get(row) ?? 0);
  out.moment(rows.paidAt[row]!);
  out.int(batch.id);
  out.int(rows.rowNumber[row]!);
  out.int(batch.sourceId);
  out.int(rows.refusals(row));
  out.int(decision.wanted[row]!);
  if (decision.period[row]) out.int(decision.period[row]);
  else out.nothing();
  const target = reversed.targets.get(row);
  if (target === undefined) out.nothing();
  else out.big(plan.last.payment + target + 1);
}
