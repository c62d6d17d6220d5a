import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { prepared } from '../platform/database/prepared.js';
import type { KeyHolder } from './api-keys.service.js';
import { Batches, FILE_LOCK, IMPORT_JOB } from './batches.service.js';

export interface Sent {
  readonly key: string;
  readonly via: 'interface' | 'webhook';
  readonly feed: Buffer;
  readonly hash: Buffer;
}

/** What partners' programs send, many times a second: small files, kept and registered with one question to the database. */
@Injectable()
export class Requests {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly batches: Batches,
  ) {}

  /**
   * The number of the new batch, or what was sent before under the same key of the request.
   * @throws InputError naming the batch that brought the same rows under another one.
   */
  async register(holder: KeyHolder, sent: Sent): Promise<number | NonNullable<KeyHolder['sent']>> {
    const path = this.keep(sent);
    const [row] = await prepared<{ batch: number | null; sent_batch: number | null; sent_hash: Buffer }>(
      this.db,
      'accept-request',
      'select * from accept_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      [
        holder.id,
        sent.key,
        holder.promotion_id,
        holder.source_id,
        holder.organisation_id,
        sent.via,
        `${sent.via}-${sent.key}.csv`.replace(/[^\w.-]/g, '_').slice(0, 200),
        sent.hash,
        sent.feed.length,
        this.clock.now(),
        FILE_LOCK,
        sent.hash.readInt32BE(0),
        IMPORT_JOB,
      ],
    );
    const { batch, sent_batch, sent_hash } = row!;
    if (batch !== null) {
      // Whoever forgot an equal file meanwhile did so before this batch was there.
      if (!existsSync(path)) this.keep(sent);
      return batch;
    }
    if (sent_batch === null)
      throw await this.batches.sameFile(this.db.manager, holder.promotion_id, sent.hash);
    await this.batches.forget(sent_batch);
    return { batch: sent_batch, hash: sent_hash };
  }

  /** In one go: a few thousand bytes cost less than waiting for a thread to write them. */
  private keep({ feed, hash }: Sent): string {
    const { folder } = this.batches;
    const path = this.batches.pathOf(hash);
    const draft = join(folder, `.${randomUUID()}`);
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, feed, { mode: 0o600 });
      renameSync(draft, path);
    } catch (fault) {
      rmSync(draft, { force: true });
      throw fault;
    }
    return path;
  }
}
