import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { freshRecoveryCodes, totpStep, writtenRecoveryCode } from './totp.js';

/** One-time codes from a telephone (RFC 6238), and the recovery codes for when it is lost. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {}

  /**
   * Uses a code up: the same code never passes twice. The row lock makes two requests with one code take turns.
   * @returns whether it was right; true as well when the officer has no second factor.
   */
  async accept(tx: EntityManager, officerId: number, code: string): Promise<boolean> {
    const [row] = await tx.query<{ secret: Buffer | null; step: number | null }[]>(
      `select totp_secret as secret, totp_step as step from officer where id = $1 for update`,
      [officerId],
    );
    if (!row) return false;
    if (!row.secret) return true;
    const step = totpStep(this.vault.open(row.secret), code, this.clock.now(), Number(row.step ?? 0));
    if (step === null) return this.acceptRecovery(tx, officerId, code);
    await tx.query(`update officer set totp_step = $2 where id = $1`, [officerId, step]);
    return true;
  }

  /** Turns the second factor on; the first code proves that the telephone has the secret. @returns recovery codes, or null when the code is wrong. */
  async turnOn(tx: EntityManager, officerId: number, secret: string, code: string): Promise<string[] | null> {
    const step = totpStep(secret, code, this.clock.now(), 0);
    if (step === null) return null;
    await tx.query(`update officer set totp_secret = $2, totp_since = $3, totp_step = $4 where id = $1`, [
      officerId,
      this.vault.seal(secret),
      this.clock.now(),
      step,
    ]);
    return this.replaceRecovery(tx, officerId, freshRecoveryCodes());
  }

  async turnOff(tx: EntityManager, officerId: number): Promise<void> {
    await tx.query(
      `update officer set totp_secret = null, totp_since = null, totp_step = null where id = $1`,
      [officerId],
    );
    await this.replaceRecovery(tx, officerId, []);
  }

  private async replaceRecovery(tx: EntityManager, officerId: number, codes: string[]): Promise<string[]> {
    await tx.query(`delete from recovery_code where officer_id = $1`, [officerId]);
    for (const code of codes)
      await tx.query(`insert into recovery_code (officer_id, code_hash) values ($1, $2)`, [
        officerId,
        this.hash(code),
      ]);
    return codes;
  }

  private async acceptRecovery(tx: EntityManager, officerId: number, code: string): Promise<boolean> {
    const used = await tx.query<unknown[]>(
      `with used as (update recovery_code set used_at = $3
         where officer_id = $1 and code_hash = $2 and used_at is null returning 1)
       select * from used`,
      [officerId, this.hash(code), this.clock.now()],
    );
    return used.length > 0;
  }

  private hash(code: string): Buffer {
    return this.vault.fingerprint(`recovery ${writtenRecoveryCode(code)}`);
  }
}
