import { createHash } from 'node:crypto';
import { ConflictException, Injectable, UnauthorizedException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { prepared } from '../platform/database/prepared.js';
import { Batches, FILE_LOCK, IMPORT_JOB } from './batches.service.js';

export interface Sent {
  readonly slug: string;
  /** Hash of the key it was sent with, or signed under. */
  readonly keyHash: Buffer;
  readonly idempotencyKey: string;
  readonly via: 'interface' | 'webhook';
  readonly feed: string;
}

/** What partners' programs send, many times a second: sealed, kept and registered with one question to the database. */
@Injectable()
export class Requests {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
    private readonly batches: Batches,
  ) {}

  /**
   * Registers the feed as a batch; the same request with the same feed gives the same batch again.
   * @throws UnauthorizedException when the key is none, ConflictException when the request brought another feed before,
   * InputError naming the batch that brought the same feed under another request.
   */
  async register(sent: Sent): Promise<{ batch: number; again: boolean }> {
    const hash = createHash('sha256').update(sent.feed).digest();
    const [row] = await prepared<Registered>(
      this.db,
      'accept-request',
      'select * from accept_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
      [
        sent.slug,
        sent.keyHash,
        sent.idempotencyKey,
        sent.via,
        `${sent.via}-${sent.idempotencyKey}.csv`.replace(/[^\w.-]/g, '_').slice(0, 200),
        hash,
        Buffer.byteLength(sent.feed),
        this.vault.seal(sent.feed),
        this.clock.now(),
        FILE_LOCK,
        hash.readInt32BE(0),
        IMPORT_JOB,
      ],
    );
    const { promotion, batch, sent_batch, sent_hash } = row!;
    if (promotion === null) throw new UnauthorizedException('payments.faults.key');
    if (batch !== null) return { batch, again: false };
    if (sent_batch === null) throw await this.batches.sameFile(this.db.manager, promotion, hash);
    if (!sent_hash.equals(hash)) throw new ConflictException('payments.faults.idempotency');
    return { batch: sent_batch, again: true };
  }
}

interface Registered {
  readonly promotion: number | null;
  readonly batch: number | null;
  readonly sent_batch: number | null;
  readonly sent_hash: Buffer;
}
