import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { TooManyAttempts } from '../platform/http/too-many-attempts.js';
import { holderOfCode, holderOfPayment, paymentsOf, type OwnPayment } from './lookup.queries.js';

const WINDOW = 15 * 60_000;
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
    const key = subject.trim().toUpperCase();
    const attempt = await this.begin(`${promotionId}:${key}`, address);
    const byCode = await holderOfCode(this.db, promotionId, key);
    const byPayment = await holderOfPayment(this.db, promotionId, subject.trim());
    const holder = byCode ?? byPayment;
    const [identity = '', phone = ''] = this.vault.open(holder?.sealed ?? this.nobody).split('\t');
    const own = [ends(identity, digits), ends(phone, digits)].includes(true) && /^\d{4}$/.test(digits);
    if (!own || !holder) return null;
    await this.db.query('update code_lookup set failed = false where id = $1', [attempt]);
    return paymentsOf(this.db, promotionId, holder.payerId);
  }

  /** Counts the try before anything is compared. */
  private async begin(subject: string, address: string): Promise<number> {
    const marks = [
      this.vault.fingerprint(`lookup:${subject}`),
      this.vault.fingerprint(`lookup-from:${address}`),
    ];
    const now = this.clock.now();
    const since = new Date(now.getTime() - WINDOW);
    const [row] = await this.db.query<{ id: number; subject: number; address: number }[]>(
      `with counted as (
         select (select count(*) from code_lookup where subject_mark = $1 and failed and at > $3)::int as subject,
           (select count(*) from code_lookup where address_mark = $2 and at > $3)::int as address),
       old as (delete from code_lookup where at < $3::timestamptz - interval '1 day'),
       added as (insert into code_lookup (subject_mark, address_mark, at) select $1, $2, $4 from counted
         where counted.subject < $5 and counted.address < $6 returning id)
       select coalesce((select id from added), 0) as id, subject, address from counted`,
      [...marks, since, now, MOST.subject, MOST.address],
    );
    if (!row || row.id === 0) throw new TooManyAttempts(WINDOW / 1000);
    return row.id;
  }
}

/** Compares the last four characters in a time that tells nothing. */
function ends(text: string, digits: string): boolean {
  const last = Buffer.from(text.slice(-4).padStart(4, '-'));
  const given = Buffer.from(digits.slice(-4).padStart(4, '+'));
  return last.length === given.length && timingSafeEqual(last, given);
}
