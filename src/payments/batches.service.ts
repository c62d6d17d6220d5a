import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConflictException, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { InputError } from '../platform/http/input-error.js';
import { Jobs } from '../platform/jobs/jobs.js';

/** A file that was received whole: where it lies and what it is. */
export interface Received {
  readonly path: string;
  readonly name: string;
  readonly sha256: Buffer;
  readonly bytes: number;
}

export interface Sender {
  readonly promotionId: number;
  readonly profile: string;
  readonly via: 'upload' | 'command' | 'interface' | 'webhook' | 'correction';
  readonly officerId: number | null;
  readonly organisationId?: number | null;
  readonly apiKeyId?: number;
  readonly correctsId?: number;
  /** Another source than the profile's own. */
  readonly sourceId?: number;
}

export const IMPORT_JOB = 'payments.import';
/** The class of advisory locks on kept files; the number is the start of the hash. */
export const FILE_LOCK = 4_040_802;

/** Files of payments: received and kept under their hash, each once per promotion. */
@Injectable()
export class Batches {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly jobs: Jobs,
  ) {}

  /** Keeps a stream under its SHA-256. The name is the sender's, shown and never used as a path. */
  async receive(stream: Readable, name: string): Promise<Received> {
    const { folder } = this;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.${randomUUID()}`);
    const digest = createHash('sha256');
    let bytes = 0;
    try {
      const counted = async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          digest.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      };
      await pipeline(stream, counted, createWriteStream(draft, { mode: 0o600 }));
      const sha256 = digest.digest();
      const path = this.pathOf(sha256);
      await rename(draft, path);
      return { path, name: basename(name).slice(0, 200) || 'file', sha256, bytes };
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Keeps a file of this machine; refuses it when it changes while it is read. */
  async receiveFile(path: string): Promise<Received> {
    const before = await stat(path);
    const received = await this.receive(createReadStream(path, { highWaterMark: 1 << 20 }), basename(path));
    const after = await stat(path);
    if (before.size === after.size && before.mtimeMs === after.mtimeMs && received.bytes === after.size)
      return received;
    throw new InputError([
      {
        field: 'file',
        code: 'payments.faults.file-changed',
        got: String(received.bytes),
        expected: String(after.size),
      },
    ]);
  }

  get folder(): string {
    return join(this.config.DATA_DIR, 'uploads');
  }

  pathOf(sha256: Buffer): string {
    return join(this.folder, sha256.toString('hex'));
  }

  /**
   * Registers a received file as a batch that waits to be imported, and orders the work.
   * @throws ConflictException naming the batch that brought the same file before.
   */
  async register(tx: EntityManager, file: Received, sender: Sender): Promise<number> {
    const sourceId = sender.sourceId ?? (await this.sourceOf(tx, sender.profile));
    const now = this.clock.now();
    await lockFile(tx, file.sha256);
    const [batch] = await tx.query<{ id: number }[]>(
      `insert into import_batch (promotion_id, source_id, profile, via, file_name, file_sha256, file_bytes, organisation_id,
         received_at, received_by, api_key_id, corrects_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict (promotion_id, file_sha256) where state in ('waiting', 'running', 'done') do nothing returning id`,
      [
        sender.promotionId,
        sourceId,
        sender.profile,
        sender.via,
        file.name,
        file.sha256,
        file.bytes,
        sender.organisationId ?? null,
        now,
        sender.officerId,
        sender.apiKeyId ?? null,
        sender.correctsId ?? null,
      ],
    );
    if (!batch) throw await this.sameFile(tx, sender.promotionId, file.sha256);
    if (!existsSync(file.path)) throw new InputError([{ field: 'file', code: 'payments.faults.file-gone' }]);
    if (sender.via !== 'command')
      await this.jobs.add(tx, IMPORT_JOB, { batchId: batch.id }, { key: `${IMPORT_JOB}:${batch.id}` });
    return batch.id;
  }

  /** Asks a running import to stop; it leaves nothing behind. */
  async cancel(tx: EntityManager, batchId: number, officerId: number): Promise<void> {
    const rows = await tx.query<unknown[]>(
      `with asked as (update import_batch set cancel_asked_at = $2, cancel_asked_by = $3
         where id = $1 and state in ('waiting', 'running') returning id) select id from asked`,
      [batchId, this.clock.now(), officerId],
    );
    if (rows.length === 0) throw new ConflictException('batch-over');
  }

  /** Removes what was sent for a batch once no batch waits for it: what is needed of it lies sealed elsewhere. */
  async forget(batchId: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [batch] = await tx.query<{ file_sha256: Buffer }[]>(
        'select file_sha256 from import_batch where id = $1',
        [batchId],
      );
      if (!batch) return;
      await tx.query(
        `delete from batch_feed f using import_batch b
         where f.batch_id = $1 and b.id = $1 and b.state not in ('waiting', 'running')`,
        [batchId],
      );
      await lockFile(tx, batch.file_sha256);
      const waiting = await tx.query<unknown[]>(
        `select 1 from import_batch where file_sha256 = $1 and state in ('waiting', 'running') limit 1`,
        [batch.file_sha256],
      );
      if (waiting.length === 0) await rm(this.pathOf(batch.file_sha256), { force: true });
    });
  }

  /** Whoever brought this file first, as a refusal. */
  async sameFile(tx: EntityManager, promotionId: number, sha256: Buffer): Promise<Error> {
    const [first] = await tx.query<{ id: number; file_name: string; state: string }[]>(
      `select id, file_name, state from import_batch
       where promotion_id = $1 and file_sha256 = $2 and state in ('waiting', 'running', 'done')`,
      [promotionId, sha256],
    );
    if (first?.state === 'done') await rm(this.pathOf(sha256), { force: true });
    return new InputError([
      {
        field: 'file',
        code: 'payments.faults.same-file',
        got: first?.file_name ?? '',
        expected: `batch ${String(first?.id)}`,
      },
    ]);
  }

  /** Where references of files of this kind come from. */
  private async sourceOf(tx: EntityManager, profile: string): Promise<number> {
    const rows = await tx.query<{ code: string; source_id: number }[]>(
      'select code, source_id from import_profile order by code',
    );
    const found = rows.find(({ code }) => code === profile);
    if (found) return found.source_id;
    const expected = rows.map(({ code }) => code).join(', ');
    throw new InputError([{ field: 'profile', code: 'payments.faults.profile', got: profile, expected }]);
  }
}

/** Whoever registers a file or removes it does so alone, until the end of the transaction. */
async function lockFile(tx: EntityManager, sha256: Buffer): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, $2)', [FILE_LOCK, sha256.readInt32BE(0)]);
}
