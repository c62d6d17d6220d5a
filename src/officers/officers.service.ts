import { ForbiddenException, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { Officer, Role } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { Attempts } from './attempts.service.js';
import { verifyPassword } from './password.js';
import { holds, type Reach } from './rights.queries.js';
import { SecondFactor } from './second-factor.service.js';

/** What an officer types to sign an act: the password, and the code of the telephone when that is set up. */
export interface Signature {
  password: string;
  code?: string;
}

/** Asked by every feature: may this officer do that, there, now? */
@Injectable()
export class Officers {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly attempts: Attempts,
    private readonly secondFactor: SecondFactor,
  ) {}

  /**
   * Refuses unless the officer holds one of the roles for the unit and the campaign. The rights are read anew each time:
   * one that was taken away a second ago no longer works. Pass the act's `tx` to have it judged in the same transaction.
   * @throws ForbiddenException
   */
  async demand(
    officer: Pick<Officer, 'id'>,
    roles: Role | readonly Role[],
    reach: Reach = {},
    tx?: EntityManager,
  ): Promise<void> {
    if (!(await this.may(officer, roles, reach, tx)))
      throw new ForbiddenException('officers.refusals.noRight');
  }

  /** The same question, answered instead of refused: for what a page offers. */
  may(
    officer: Pick<Officer, 'id'>,
    roles: Role | readonly Role[],
    reach: Reach = {},
    tx?: EntityManager,
  ): Promise<boolean> {
    const wanted = typeof roles === 'string' ? [roles] : roles;
    return holds(tx ?? this.db.manager, officer.id, wanted, reach, this.today());
  }

  /**
   * Administrators give any right within their own reach, organisers that of a reporter; nobody gives rights to
   * themselves, so that one person alone never holds two sides of a draw.
   */
  async demandToGrant(
    tx: EntityManager,
    by: number,
    grant: Reach & { role: Role },
    to?: number,
  ): Promise<void> {
    if (by === to) throw new ForbiddenException('officers.refusals.ownRights');
    const givers = grant.role === 'reporter' ? (['administrator', 'organiser'] as const) : 'administrator';
    await this.demand({ id: by }, givers, grant, tx);
  }

  /**
   * The officer signs this act, inside its transaction: the code is used up with the act or not at all.
   * @throws InputError on `password` or `code`; TooManyAttempts
   */
  async signAgain(
    tx: EntityManager,
    officer: Pick<Officer, 'id'>,
    { password, code = '' }: Signature,
  ): Promise<void> {
    await this.attempts.beginAgain(tx, officer.id);
    const [row] = await tx.query<{ hash: string }[]>(
      `select password_hash as hash from officer where id = $1 and disabled_at is null`,
      [officer.id],
    );
    if (!(await verifyPassword(row?.hash, password))) this.refuse(officer.id, 'password');
    if (!(await this.secondFactor.accept(tx, officer.id, code))) this.refuse(officer.id, 'code');
  }

  private refuse(officerId: number, field: 'password' | 'code'): never {
    this.attempts.failedAgain(officerId);
    throw new InputError([{ field, code: `officers.findings.${field}.wrong` }]);
  }

  private today(): string {
    return this.clock.now().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
  }
}
