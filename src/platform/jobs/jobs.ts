import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Logger, run, type Runner } from 'graphile-worker';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { DatabaseUrl } from '../database/database-url.js';
import { log } from '../log.js';

type Work = (payload: never, signal: AbortSignal) => Promise<void>;

const logger = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') log.warn({ queue: message }, 'job queue');
});
const QUIET = { noHandleSignals: true, pollInterval: 1000, parsedCronItems: [], logger };

/**
 * Work that outlives a request: kept in PostgreSQL, taken by exactly one instance at a time, taken again after a crash.
 * A handler must therefore be able to run again from where the database says it stopped.
 */
@Injectable()
export class Jobs implements BeforeApplicationShutdown {
  private readonly work = new Map<string, Work>();
  private runner?: Runner;
  private pool?: pg.Pool;

  constructor(private readonly database: DatabaseUrl) {}

  /** Names the work; called by a feature when its module starts. */
  handle<P extends object>(name: string, work: (payload: P, signal: AbortSignal) => Promise<void>): void {
    this.work.set(name, work as unknown as Work);
  }

  /** Orders work in the transaction of the act; a second order under the same key replaces one not yet begun. */
  async add(
    tx: EntityManager,
    name: string,
    payload: object,
    options: { key?: string; attempts?: number; at?: Date } = {},
  ) {
    await tx.query(
      'select graphile_worker.add_job($1, $2::json, job_key => $3, max_attempts => $4, run_at => coalesce($5, now()))',
      [name, JSON.stringify(payload), options.key ?? null, options.attempts ?? 10, options.at ?? null],
    );
  }

  /** Starts taking work; called by a serving instance once it is ready. */
  async start(concurrency = 2): Promise<void> {
    this.pool = new pg.Pool({
      connectionString: this.database.url,
      max: concurrency + 2,
      application_name: 'thidua jobs',
    });
    const lost = (fault: Error) => log.warn({ fault: fault.message }, 'the job queue lost a connection');
    this.pool.on('error', lost).on('connect', (client) => client.on('error', lost));
    const taskList = Object.fromEntries(
      [...this.work].map(([name, work]) => [
        name,
        (payload: unknown, helpers: { abortSignal?: AbortSignal }) =>
          work(payload as never, helpers.abortSignal ?? new AbortController().signal),
      ]),
    );
    this.runner = await run({ pgPool: this.pool, concurrency, ...QUIET, taskList });
    this.runner.events.on('job:error', ({ job, error }) => {
      log.error(
        { job: job.task_identifier, id: job.id, fault: (error as Error).message },
        'a job failed and will be tried again',
      );
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runner?.stop().catch(() => undefined);
    await this.pool?.end();
  }
}
