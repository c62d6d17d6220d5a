import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import { ConflictException, Injectable, UnauthorizedException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type KeyHolder } from '../payments/api-keys.service.js';
import { Batches } from '../payments/batches.service.js';
import { FIELDS } from '../payments/reading/profile.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { InputError } from '../platform/http/input-error.js';

const MOST_ROWS = 10_000;
const TOLERANCE = 300;

/** What programs of partners send: small batches of payments, each once however often it is sent. */
@Injectable()
export class Partners {
  constructor(
    private readonly db: DataSource,
    private readonly batches: Batches,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** Registers the rows as a batch; the same key with the same rows gives the same batch again. */
  async take(
    holder: KeyHolder,
    idempotencyKey: string,
    rows: unknown,
    via: 'interface' | 'webhook',
  ): Promise<{ batch: number; again: boolean }> {
    const text = feedOf(rows);
    const hash = createHash('sha256').update(text).digest();
    const before = await this.before(holder, idempotencyKey, hash);
    if (before !== null) return { batch: before, again: true };
    const file = await this.batches.receive(
      Readable.from([Buffer.from(text)]),
      `${via}-${idempotencyKey}.csv`.replace(/[^\w.-]/g, '_'),
    );
    return this.db.transaction(async (tx) => {
      await tx.query('select from api_key where id = $1 for no key update', [holder.id]);
      const raced = await this.before(holder, idempotencyKey, hash);
      if (raced !== null) return { batch: raced, again: true };
      const batch = await this.batches.register(tx, file, {
        promotionId: holder.promotion_id,
        profile: 'portal',
        via,
        officerId: null,
        organisationId: holder.organisation_id,
        apiKeyId: holder.id,
        sourceId: holder.source_id,
      });
      const now = this.clock.now();
      await tx.query(
        `with used as (update api_key set last_used_at = $5 where id = $1)
         insert into batch_request (api_key_id, idempotency_key, body_sha256, batch_id, at) values ($1, $2, $3, $4, $5)`,
        [holder.id, idempotencyKey, hash, batch, now],
      );
      return { batch, again: false };
    });
  }

  /** Whether the body was signed with the secret of this key, within five minutes. @throws UnauthorizedException */
  demandSignature(holder: KeyHolder, body: Buffer, timestamp: string, signature: string): void {
    const age = Math.abs(this.clock.now().getTime() / 1000 - Number(timestamp));
    const secret = holder.webhook_secret && this.vault.open(holder.webhook_secret);
    const wanted = createHmac('sha256', secret ?? '')
      .update(`${timestamp}.`)
      .update(body)
      .digest();
    const given = Buffer.from(/^sha256=([0-9a-f]{64})$/.exec(signature)?.[1] ?? '', 'hex');
    const right = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!secret || !right || !(age <= TOLERANCE))
      throw new UnauthorizedException('payments.faults.signature');
  }

  private async before(holder: KeyHolder, idempotencyKey: string, hash: Buffer): Promise<number | null> {
    const [request] = await this.db.query<{ batch_id: number; body_sha256: Buffer }[]>(
      'select batch_id, body_sha256 from batch_request where api_key_id = $1 and idempotency_key = $2',
      [holder.id, idempotencyKey],
    );
    if (!request) return null;
    if (!request.body_sha256.equals(hash)) throw new ConflictException('payments.faults.idempotency');
    return request.batch_id;
  }
}

/** The posted rows as a feed. @throws InputError when the shape is another; what is wrong in a row is found by the import. */
function feedOf(rows: unknown): string {
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > MOST_ROWS)
    throw new InputError([
      {
        field: 'payments',
        code: 'payments.faults.rows',
        got: Array.isArray(rows) ? rows.length : typeof rows,
        expected: `1-${MOST_ROWS}`,
      },
    ]);
  const lines = rows.map((row: unknown) => {
    const fields = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>;
    return FIELDS.map((field) => cellOf(fields[field])).join(',');
  });
  return `${FIELDS.join(',')}\n${lines.join('\n')}\n`;
}

function cellOf(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
