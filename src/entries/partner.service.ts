import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ConflictException, Injectable, UnauthorizedException } from '@nestjs/common';
import { type KeyHolder } from '../payments/api-keys.service.js';
import { Requests } from '../payments/requests.service.js';
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
    private readonly requests: Requests,
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
    const feed = Buffer.from(feedOf(rows));
    const hash = createHash('sha256').update(feed).digest();
    const registered =
      holder.sent ?? (await this.requests.register(holder, { key: idempotencyKey, via, feed, hash }));
    if (typeof registered === 'number') return { batch: registered, again: false };
    if (!registered.hash.equals(hash)) throw new ConflictException('payments.faults.idempotency');
    return { batch: registered.batch, again: true };
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
