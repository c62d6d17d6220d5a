import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { Accounts } from './accounts.service.js';
import { SecondFactor } from './second-factor.service.js';
import { digest, freshSecret } from './secret.js';

const VALID = 24 * 3_600_000;

export interface Reset {
  id: number;
  officerId: number;
  login: string;
  clearsTotp: boolean;
}

/** One-time links by which an officer who forgot the password chooses a new one. */
@Injectable()
export class Resets {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly accounts: Accounts,
    private readonly secondFactor: SecondFactor,
  ) {}

  /** A new link replaces an older one that was not used. @returns the secret of the link. */
  async issue(tx: EntityManager, by: number | null, officerId: number, clearsTotp: boolean): Promise<string> {
    const secret = freshSecret();
    const now = this.clock.now();
    await tx.query(
      `update password_reset set withdrawn_at = $2 where officer_id = $1 and used_at is null and withdrawn_at is null`,
      [officerId, now],
    );
    await tx.query(
      `insert into password_reset (token_hash, officer_id, clears_totp, issued_by, issued_at, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [digest(secret), officerId, clearsTotp, by, now, new Date(now.getTime() + VALID)],
    );
    await this.journal.record(tx, {
      officer: by,
      act: 'officer.reset-issued',
      subject: `officer/${officerId}`,
      facts: { clearsTotp },
    });
    return secret;
  }

  /** @throws NotFoundException when the link was used, replaced or is too old. */
  async find(tx: EntityManager, secret: string, lock: '' | 'for update of r' = ''): Promise<Reset> {
    const [row] = await tx.query<Reset[]>(
      `select r.id, r.officer_id as "officerId", o.login, r.clears_totp as "clearsTotp"
       from password_reset r join officer o on o.id = r.officer_id
       where r.token_hash = $1 and r.used_at is null and r.withdrawn_at is null and r.expires_at > $2
         and o.disabled_at is null ${lock}`,
      [digest(secret), this.clock.now()],
    );
    if (!row) throw new NotFoundException('officers.refusals.linkSpent');
    return row;
  }

  /** Ends every session of the officer. */
  async use(tx: EntityManager, secret: string, password: string): Promise<void> {
    const { id, officerId, clearsTotp } = await this.find(tx, secret, 'for update of r');
    await tx.query(`update password_reset set used_at = $2 where id = $1`, [id, this.clock.now()]);
    await this.accounts.setPassword(tx, officerId, password);
    if (clearsTotp) await this.secondFactor.turnOff(tx, officerId);
    await this.accounts.endSessions(tx, officerId);
    await this.journal.record(tx, {
      officer: officerId,
      act: 'officer.password-reset',
      subject: `officer/${officerId}`,
    });
  }
}
