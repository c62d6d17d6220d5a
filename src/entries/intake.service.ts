import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Batches } from '../payments/batches.service.js';
import { FileFault } from '../payments/reading/file-fault.js';
import { log } from '../platform/log.js';
import { isNoRoom } from '../platform/no-room.js';
import { BatchLoading, type WaitingBatch } from './batch-loading.service.js';
import { Cancelled, IMPORT_LOCK, IntakeProgress } from './intake-progress.js';

const MOST_ATTEMPTS = 5;

/** Imports batches that wait. Any number of instances may try: one gets the batch, and a crash leaves it waiting. */
@Injectable()
export class Intake {
  /** A file up to this many bytes is imported in memory; the payments of a larger one wait on disk until they are loaded. */
  inMemory = 256 * 1_048_576;

  constructor(
    private readonly db: DataSource,
    private readonly batches: Batches,
    private readonly loading: BatchLoading,
    private readonly progress: IntakeProgress,
  ) {}

  /**
   * Imports one batch unless another instance is at it. A fault of the file ends the batch as refused, with its reason;
   * any other fault leaves it waiting, to be tried again.
   */
  async run(batchId: number, watch?: (read: number, rows: number) => void): Promise<void> {
    const folder = await this.folder();
    try {
      await this.db.transaction((tx) => this.import(tx, batchId, folder, watch));
    } catch (fault) {
      await this.conclude(batchId, fault);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    await this.batches.forget(batchId);
  }

  /** Batches that wait, or whose import died with its process. */
  async left(): Promise<number[]> {
    const rows = await this.db.query<{ id: number }[]>(
      `select b.id from import_batch b where b.state in ('waiting', 'running') and not exists (
         select from pg_locks l where l.locktype = 'advisory' and l.classid = $1 and l.objid = b.id
           and l.database = (select oid from pg_database where datname = current_database()))
       order by b.id`,
      [IMPORT_LOCK],
    );
    return rows.map(({ id }) => id);
  }

  private async import(
    tx: EntityManager,
    batchId: number,
    folder: string,
    watch?: (read: number, rows: number) => void,
  ): Promise<void> {
    const [lock] = await tx.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1, $2) as mine', [
      IMPORT_LOCK,
      batchId,
    ]);
    if (!lock?.mine) return;
    const [batch] = await tx.query<WaitingBatch[]>(
      `select b.*, p.body from import_batch b join import_profile p on p.code = b.profile
       where b.id = $1 and b.state in ('waiting', 'running')`,
      [batchId],
    );
    if (!batch) return;
    await this.progress.begin(batchId);
    const inMemory = Number(batch.file_bytes) <= this.inMemory;
    const file = { path: this.batches.pathOf(batch.file_sha256), folder, inMemory };
    await this.loading.load(tx, batch, file, this.progress.reporter(batchId, watch));
    await this.progress.done(tx, batchId);
  }

  private async conclude(batchId: number, fault: unknown): Promise<void> {
    if (fault instanceof Cancelled) return this.progress.end(batchId, 'cancelled', null);
    if (fault instanceof FileFault)
      return this.progress.end(batchId, 'refused', { code: fault.code, facts: fault.facts });
    const { code } = fault as { code?: string };
    log.error(
      { batch: batchId, fault: (fault as Error).message, code },
      'an import was undone and will be tried again',
    );
    const attempts = await this.attempts(batchId);
    const state = attempts < MOST_ATTEMPTS ? 'waiting' : 'failed';
    await this.progress.end(batchId, state, { code: isNoRoom(fault) ? 'disk-full' : 'internal' });
    throw fault;
  }

  private async attempts(batchId: number): Promise<number> {
    const [batch] = await this.db.query<{ attempts: number }[]>(
      'select attempts from import_batch where id = $1',
      [batchId],
    );
    return batch?.attempts ?? MOST_ATTEMPTS;
  }

  private async folder(): Promise<string> {
    const parent = join(this.batches.folder, 'work');
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return mkdtemp(join(parent, 'import-'));
  }
}
