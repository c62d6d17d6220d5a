import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Attempts } from './attempts.service.js';
import { verifyPassword } from './password.js';
import { SecondFactor } from './second-factor.service.js';
import { Sessions } from './sessions.service.js';

/** Where somebody sits: what a session is tied to, and what tries are counted by. */
export interface Place {
  address: string;
  agent: string;
}

export type SignedIn = { secret: string; awaitsCode: boolean };

/** From a name and a password to a session. What fails says only that it failed. */
@Injectable()
export class SignIn {
  constructor(
    private readonly db: DataSource,
    private readonly attempts: Attempts,
    private readonly sessions: Sessions,
    private readonly secondFactor: SecondFactor,
  ) {}

  /** First step. Undefined: name or password is wrong, or the account is closed. @throws TooManyAttempts */
  async withPassword(login: string, password: string, place: Place): Promise<SignedIn | undefined> {
    const attempt = await this.attempts.begin(login, place.address);
    const [row] = await this.db.query<{ id: number; hash: string; open: boolean; totp: boolean }[]>(
      `select id, password_hash as hash, disabled_at is null as open, totp_secret is not null as totp
       from officer where login = $1`,
      [login.trim().toLowerCase()],
    );
    const right = await verifyPassword(row?.hash, password);
    if (!row || !right || !row.open) return undefined;
    return this.db.transaction(async (tx) => {
      // With a second factor the try stays open: a thief who knows the password must not clear the count.
      if (!row.totp) await this.attempts.succeed(tx, attempt);
      const secret = await this.sessions.open(tx, row.id, place.agent, !row.totp);
      return { secret, awaitsCode: row.totp };
    });
  }

  /**
   * Second step: the half-way session becomes a whole one, under a new secret.
   * @returns its secret; 'wrong' for a wrong code; undefined when the first step is missing or too long ago.
   * @throws TooManyAttempts
   */
  async withCode(halfWay: string, code: string, place: Place): Promise<string | 'wrong' | undefined> {
    const found = await this.sessions.halfWay(this.db.manager, halfWay, place.agent);
    if (!found) return undefined;
    const attempt = await this.attempts.begin(`code of ${found.officerId}`, place.address);
    return this.db.transaction(async (tx) => {
      if (!(await this.secondFactor.accept(tx, found.officerId, code))) return 'wrong';
      await this.attempts.succeed(tx, attempt);
      await this.sessions.close(tx, halfWay);
      return this.sessions.open(tx, found.officerId, place.agent, true);
    });
  }

  async out(secret: string): Promise<void> {
    await this.sessions.close(this.db.manager, secret);
  }
}
