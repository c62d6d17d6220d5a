import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { TooManyAttempts } from '../platform/http/too-many-attempts.js';
import { forgetTries, type OwnPayment, paymentsOf, tryHolder } from './lookup.queries.js';

const WINDOW = 15 * 60_000;
/** Tries are kept a day; every so manieth takes old ones away. */
const KEPT = 24 * 3_600_000;
const SWEPT_EVERY = 50;
/** Wrong tries in the window: on one code, and all tries from one address (a household or an office shares one). */
const MOST = { subject: 5, address: 40 };

/**
 * A citizen's own codes: whoever knows a code or the reference of a payment, and the last four digits of its holder's
 * telephone or personal number, sees what that holder has. Everybody else gets one and the same answer.
 */
@Injectable()
export class Lookups {
  /** Opened when there is nobody, so that an answer takes as long as when there is. */
  private readonly nobody: Buffer;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {
    this.nobody = vault.seal('cccd:000000000000\t+84900000000\tKhông Có Ai');
  }

  /**
   * The payments of the holder, or null: no such code, no such payment, or other digits; which of them is not said.
   * @throws TooManyAttempts after too many wrong tries.
   */
  async find(
    promotionId: number,
    subject: string,
    digits: string,
    address: string,
  ): Promise<OwnPayment[] | null> {
    const code = subject.trim().toUpperCase();
    const now = this.clock.now();
    // The try is counted before anything is compared.
    const { attempt, payerId, sealed } = await tryHolder(
      this.db,
      {
        promotionId,
        code,
        reference: subject.trim(),
        subjectMark: this.vault.fingerprint(`lookup:${promotionId}:${code}`),
        addressMark: this.vault.fingerprint(`lookup-from:${address}`),
        now,
      },
      { since: new Date(now.getTime() - WINDOW), ...MOST },
    );
    if (attempt === null) throw new TooManyAttempts(WINDOW / 1000);
    if (attempt % SWEPT_EVERY === 0) await forgetTries(this.db, new Date(now.getTime() - KEPT));
    const [identity = '', phone = ''] = this.vault.open(sealed ?? this.nobody).split('\t');
    const own = [ends(identity, digits), ends(phone, digits)].includes(true) && /^\d{4}$/.test(digits);
    if (!own || payerId === null) return null;
    return paymentsOf(this.db, { promotionId, payerId, attempt });
  }
}

/** Compares the last four characters in a time that tells nothing. */
function ends(text: string, digits: string): boolean {
  const last = Buffer.from(text.slice(-4).padStart(4, '-'));
  const given = Buffer.from(digits.slice(-4).padStart(4, '+'));
  return last.length === given.length && timingSafeEqual(last, given);
}
