import type { EntityManager } from 'typeorm';
import type { Imported } from './import-file.js';
import type { Plan } from './plan.js';

/** Writes what a batch brought into the ledger, the tally and the batch itself, which is done from here on. */
export async function settle(
  tx: EntityManager,
  plan: Plan,
  batchId: number,
  imported: Imported,
): Promise<void> {
  const { promotionId, last } = plan;
  const at = plan.now;
  await tx.query(
    `update promotion set last_batch = last_batch + 1, last_payment = greatest(last_payment, $2), last_payer = last_payer + $3,
       last_entry = last_entry + $4 where id = $1`,
    [promotionId, imported.lastPayment, imported.payers, imported.entries],
  );
  for (const line of imported.tallies.rows()) await addTally(tx, promotionId, batchId, line, at);
  const total = imported.tallies.total();
  await tx.query(
    `update import_batch set state = 'done', position = $2, read_bytes = 2 * file_bytes, finished_at = $3, progress_at = $3, fault = null,
       received = $4, eligible = $5, refused = $6, quarantined = $7, duplicate = $8, conflicting = $9, entries = $10, amount = $11,
       read_rows = $12, passed_over = $13 where id = $1`,
    [
      batchId,
      last.batch + 1,
      at,
      total.received,
      total.eligible,
      total.refused,
      total.quarantined,
      total.duplicate,
      imported.conflicts,
      imported.entries,
      total.amount,
      total.received,
      imported.passedOver,
    ],
  );
}

export interface TallyLine {
  readonly day: string | null;
  readonly period: number | null;
  readonly received: number;
  readonly eligible: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly duplicate: number;
  readonly amount: number;
  readonly issued: number;
  readonly voided: number;
}

export async function addTally(
  tx: EntityManager,
  promotionId: number,
  batchId: number | null,
  line: TallyLine,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into tally (promotion_id, batch_id, day, period, received, eligible, refused, quarantined, duplicate, amount, issued, voided, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      promotionId,
      batchId,
      line.day,
      line.period,
      line.received,
      line.eligible,
      line.refused,
      line.quarantined,
      line.duplicate,
      line.amount,
      line.issued,
      line.voided,
      at,
    ],
  );
}
