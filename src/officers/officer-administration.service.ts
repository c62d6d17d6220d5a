import { ConflictException, ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Officer } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { Accounts, type NewGrant } from './accounts.service.js';
import { Officers } from './officers.service.js';
import { Resets } from './resets.service.js';

/** An administrator's acts on the accounts of others; on the own account nobody acts. */
@Injectable()
export class OfficerAdministration {
  constructor(
    private readonly accounts: Accounts,
    private readonly officers: Officers,
    private readonly resets: Resets,
  ) {}

  /** @throws InputError when the officer has the right already. */
  async grant(tx: EntityManager, by: Officer, id: number, grant: NewGrant): Promise<void> {
    await this.officers.demandToGrant(tx, by.id, grant, id);
    await mustExist(tx, id);
    if (!(await this.accounts.grant(tx, by.id, id, grant)))
      throw new InputError([{ field: 'role', code: 'officers.findings.hasRight' }]);
  }

  async revoke(tx: EntityManager, by: Officer, id: number, grantId: number): Promise<void> {
    const [grant] = await tx.query<NewGrant[]>(
      `select role, unit_id as "unitId", campaign_id as "campaignId" from role_grant
       where id = $1 and officer_id = $2 and revoked_at is null`,
      [grantId, id],
    );
    if (!grant) throw new NotFoundException();
    await this.officers.demandToGrant(tx, by.id, grant, id);
    if (!(await this.accounts.revoke(tx, by.id, id, grantId))) throw new ConflictException();
  }

  async close(tx: EntityManager, by: Officer, id: number): Promise<void> {
    await this.demandOver(tx, by, id);
    await this.accounts.close(tx, by.id, id);
  }

  async reopen(tx: EntityManager, by: Officer, id: number): Promise<void> {
    await this.demandOver(tx, by, id);
    await this.accounts.reopen(tx, by.id, id);
  }

  /** @returns the secret of the link. */
  async reset(tx: EntityManager, by: Officer, id: number, clearsTotp: boolean): Promise<string> {
    await this.demandOver(tx, by, id);
    return this.resets.issue(tx, by.id, id, clearsTotp);
  }

  private async demandOver(tx: EntityManager, by: Officer, id: number): Promise<void> {
    await this.officers.demand(by, 'administrator', {}, tx);
    if (by.id === id) throw new ForbiddenException('officers.refusals.ownRights');
    await mustExist(tx, id);
  }
}

async function mustExist(tx: EntityManager, id: number): Promise<void> {
  const found = await tx.query<unknown[]>(`select 1 from officer where id = $1`, [id]);
  if (found.length === 0) throw new NotFoundException();
}
