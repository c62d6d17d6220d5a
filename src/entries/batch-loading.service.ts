import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import type { Profile } from '../payments/reading/profile.js';
import { Vault } from '../platform/crypto/vault.js';
import { closeCorrected } from './corrections.js';
import { importBatch } from './issue/load-file.js';
import type { ImportFile, Progress } from './issue/import-file.js';
import type { Plan } from './issue/plan.js';
import { verifyLoaded } from './issue/referee.js';
import { settle } from './issue/settle.js';
import { Promotions } from './promotions.service.js';
import { Reevaluation } from './reevaluation.service.js';

export interface WaitingBatch {
  readonly id: number;
  readonly promotion_id: number;
  readonly source_id: number;
  readonly file_sha256: Buffer;
  readonly file_bytes: string;
  readonly received_at: Date;
  readonly received_by: number | null;
  readonly corrects_id: number | null;
  readonly body: Profile;
}

/** Where the file is, and where and how its import keeps what is not loaded yet. */
export type Workplace = Pick<ImportFile, 'path' | 'folder' | 'inMemory'>;

/** Everything of one batch, in one transaction: rows, payers, codes, counts, the journal. */
@Injectable()
export class BatchLoading {
  constructor(
    private readonly promotions: Promotions,
    private readonly reevaluation: Reevaluation,
    private readonly vault: Vault,
    private readonly journal: Journal,
  ) {}

  async load(tx: EntityManager, batch: WaitingBatch, file: Workplace, progress: Progress): Promise<void> {
    const plan = await this.promotions.plan(tx, batch.promotion_id, batch.received_at);
    const path = (await this.feed(tx, batch.id, file.folder)) ?? file.path;
    const imported = await importBatch(tx, plan, fileOf(batch, { ...file, path }), this.vault, progress);
    await verifyLoaded(tx, plan, imported);
    await settle(tx, plan, batch.id, imported);
    const { corrects_id } = batch;
    const corrected =
      corrects_id === null ? 0 : await closeCorrected(tx, plan, { id: batch.id, corrects_id });
    const changed = plan.last.batch > 0 ? await this.takeBack(tx, plan, batch) : null;
    const total = imported.tallies.total();
    await this.journal.record(tx, {
      officer: batch.received_by,
      act: 'payments.imported',
      subject: `batch/${batch.id}`,
      facts: {
        promotion: batch.promotion_id,
        file: batch.file_sha256.toString('hex'),
        ...total,
        conflicting: imported.conflicts,
        ...(corrected > 0 && { corrects: batch.corrects_id, corrected }),
        ...(changed && {
          voidedByReversal: changed.voided,
          issuedInPlace: changed.issued,
          toStrike: changed.tooLate,
        }),
      },
    });
  }

  /** What a program sent lies sealed beside its batch and is opened into the folder of the import; null: there is a file. */
  private async feed(tx: EntityManager, batchId: number, folder: string): Promise<string | null> {
    const [feed] = await tx.query<{ sealed: Buffer }[]>('select sealed from batch_feed where batch_id = $1', [
      batchId,
    ]);
    if (!feed) return null;
    const path = join(folder, 'feed.csv');
    await writeFile(path, this.vault.open(feed.sealed), { mode: 0o600 });
    return path;
  }

  /** Reversals of payments that came in earlier batches: link them, and decide their payers again. */
  private async takeBack(tx: EntityManager, plan: Plan, batch: WaitingBatch) {
    const table = `payment_${plan.promotionId}`;
    const rows = await tx.query<{ payer_id: string }[]>(
      `with linked as (
         update ${table} r set reverses_id = p.id from ${table} p
         where r.kind = 'reversal' and r.reverses_id is null and p.source_ref = r.reverses_ref and p.source_id = r.source_id
           and p.kind = 'payment' and not exists (select from ${table} later where later.source_id = p.source_id
             and later.source_ref = p.source_ref and later.revision > p.revision)
         returning r.amount, p.id as original, p.payer_id),
       taken as (
         update ${table} p set reversed = p.reversed + l.amount
         from (select original, sum(amount) as amount from linked group by 1) l
         where p.id = l.original and p.id <= $1 returning p.payer_id)
       select distinct payer_id from taken`,
      [plan.last.payment],
    );
    if (rows.length === 0) return null;
    const fresh = await this.promotions.plan(tx, plan.promotionId, batch.received_at);
    const payers = rows.map((row) => Number(row.payer_id)).sort((a, b) => a - b);
    return this.reevaluation.run(tx, fresh, payers, { batchId: batch.id, officerId: batch.received_by });
  }
}

function fileOf(batch: WaitingBatch, file: Workplace): ImportFile {
  return {
    ...file,
    batchId: batch.id,
    sourceId: batch.source_id,
    sha256: batch.file_sha256,
    bytes: Number(batch.file_bytes),
    profile: batch.body,
  };
}
