import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import type { Officer } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { Accounts } from './accounts.service.js';
import { Officers, type Signature } from './officers.service.js';
import { SecondFactor } from './second-factor.service.js';

/** What officers change about their own account; each change is signed with the password of now. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly officers: Officers,
    private readonly accounts: Accounts,
    private readonly secondFactor: SecondFactor,
    private readonly journal: Journal,
  ) {}

  /** Whoever was signed in elsewhere with the old password no longer is. */
  async changePassword(
    tx: EntityManager,
    officer: Officer,
    signature: Signature,
    password: string,
  ): Promise<void> {
    await this.officers.signAgain(tx, officer, signature);
    await this.accounts.setPassword(tx, officer.id, password);
    await this.accounts.endSessions(tx, officer.id, officer.sessionId);
    await this.record(tx, officer, 'officer.password-changed');
  }

  /** @returns the recovery codes, to be shown this once. @throws InputError */
  async turnOnSecondFactor(
    tx: EntityManager,
    officer: Officer,
    password: string,
    secret: string,
    code: string,
  ): Promise<string[]> {
    await this.officers.signAgain(tx, officer, { password });
    const codes = await this.secondFactor.turnOn(tx, officer.id, secret, code);
    if (!codes) throw new InputError([{ field: 'code', code: 'officers.findings.code.wrong' }]);
    await this.accounts.endSessions(tx, officer.id, officer.sessionId);
    await this.record(tx, officer, 'officer.second-factor-set');
    return codes;
  }

  async turnOffSecondFactor(tx: EntityManager, officer: Officer, signature: Signature): Promise<void> {
    await this.officers.signAgain(tx, officer, signature);
    await this.secondFactor.turnOff(tx, officer.id);
    await this.record(tx, officer, 'officer.second-factor-removed');
  }

  async endSessions(tx: EntityManager, officer: Officer, thisOneToo: boolean): Promise<void> {
    await this.accounts.endSessions(tx, officer.id, thisOneToo ? undefined : officer.sessionId);
  }

  private async record(tx: EntityManager, { id }: Officer, act: string): Promise<void> {
    await this.journal.record(tx, { officer: id, act, subject: `officer/${id}` });
  }
}
