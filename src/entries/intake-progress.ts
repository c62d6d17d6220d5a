import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { FileFaultCode } from '../payments/reading/file-fault.js';
import { Clock } from '../platform/clock.js';
import { Live } from '../platform/live/live.js';

/** The class of advisory locks under which a batch is imported; its number is the batch's. */
export const IMPORT_LOCK = 4_040_801;

/** Somebody asked for the import to stop. */
export class Cancelled extends Error {}

export interface BatchFault {
  readonly code: FileFaultCode | 'disk-full' | 'internal';
  readonly facts?: Record<string, string | number>;
}

const EVERY = 400;

/** How far an import is, outside its transaction, so that everybody can see it while nothing of it is visible yet. */
@Injectable()
export class IntakeProgress {
  constructor(
    private readonly db: DataSource,
    private readonly live: Live,
    private readonly clock: Clock,
  ) {}

  async begin(batchId: number): Promise<void> {
    await this.db.query(
      `update import_batch set state = 'running', started_at = $2, progress_at = $2, attempts = attempts + 1, read_bytes = 0, read_rows = 0
       where id = $1 and state in ('waiting', 'running')`,
      [batchId, this.clock.now()],
    );
  }

  /** A reporter that writes a few times a second. @throws Cancelled once somebody asked for it. */
  reporter(
    batchId: number,
    watch?: (read: number, rows: number) => void,
  ): (read: number, rows: number) => Promise<void> {
    let last = performance.now();
    return async (read, rows) => {
      watch?.(read, rows);
      if (performance.now() - last < EVERY) return;
      last = performance.now();
      if (await this.report(batchId, read, rows)) throw new Cancelled();
    };
  }

  /** Ends a batch that brought nothing. */
  async end(
    batchId: number,
    state: 'refused' | 'failed' | 'cancelled' | 'waiting',
    fault: BatchFault | null,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      const finished = state === 'waiting' ? null : this.clock.now();
      await tx.query(
        `update import_batch set state = $2, fault = $3, finished_at = $4, progress_at = $5
         where id = $1 and state in ('waiting', 'running')`,
        [batchId, state, fault && JSON.stringify(fault), finished, this.clock.now()],
      );
      await this.live.tell(tx, `batch:${batchId}`, { state });
    });
  }

  /** Told with the commit of the batch itself. */
  async done(tx: EntityManager, batchId: number): Promise<void> {
    await tx.query(
      `update import_batch set finished_at = $2, progress_at = $2 where id = $1 and state = 'done'`,
      [batchId, this.clock.now()],
    );
    await this.live.tell(tx, `batch:${batchId}`, { state: 'done' });
  }

  private async report(batchId: number, read: number, rows: number): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const [batch] = await tx.query<{ cancelled: boolean; file_bytes: string; seconds: number }[]>(
        `with moved as (update import_batch set read_bytes = $2, read_rows = $3, progress_at = $4 where id = $1
           returning cancel_asked_at is not null as cancelled, file_bytes, extract(epoch from $4::timestamptz - started_at)::float8 as seconds)
         select * from moved`,
        [batchId, read, rows, this.clock.now()],
      );
      if (!batch) return true;
      const percent = Math.min(99, Math.floor((100 * read) / Math.max(1, 2 * Number(batch.file_bytes))));
      const left = percent > 0 ? Math.round((batch.seconds * (100 - percent)) / percent) : null;
      const rate = Math.round(rows / Math.max(0.001, batch.seconds));
      await this.live.tell(tx, `batch:${batchId}`, { state: 'running', percent, rows, rate, left });
      return batch.cancelled;
    });
  }
}
