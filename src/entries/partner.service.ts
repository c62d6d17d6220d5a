import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { ApiKeys, type KeyHolder } from '../payments/api-keys.service.js';
import { Requests, type Sent } from '../payments/requests.service.js';
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
    private readonly keys: ApiKeys,
    private readonly requests: Requests,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  /** Registers the rows as a batch; who sent them with a wrong key learns nothing of what is wrong in them. */
  async take(sender: Omit<Sent, 'feed'>, rows: unknown): Promise<{ batch: number; again: boolean }> {
    const feed = feedOf(rows);
    if (feed !== null) return this.requests.register({ ...sender, feed });
    await this.keys.demand(sender.slug, sender.keyHash);
    throw new InputError([
      {
        field: 'payments',
        code: 'payments.faults.rows',
        got: Array.isArray(rows) ? rows.length : typeof rows,
        expected: `1-${MOST_ROWS}`,
      },
    ]);
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

/** The posted rows as a feed, null when the shape is another; what is wrong in a row is found by the import. */
function feedOf(rows: unknown): string | null {
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > MOST_ROWS) return null;
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
