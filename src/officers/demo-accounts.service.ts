import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Accounts, type NewGrant, type NewOfficer } from './accounts.service.js';

export interface DemoAccount {
  login: string;
  name: string;
  organisation: string;
  password: string;
  roles: string[];
}

/** Accounts that exist in the example province alone: the sign-in page tells their passwords to everybody. */
@Injectable()
export class DemoAccounts {
  constructor(
    private readonly db: DataSource,
    private readonly accounts: Accounts,
  ) {}

  /** Only the demo calls this. The rows it leaves are what makes a database a demo. @returns the officer's id. */
  async add(tx: EntityManager, officer: NewOfficer, grants: readonly NewGrant[]): Promise<number> {
    const id = await this.accounts.create(tx, null, officer, grants);
    await tx.query(`insert into demo_account (officer_id, password) values ($1, $2)`, [id, officer.password]);
    return id;
  }

  /** Empty everywhere but in the demo. */
  list(): Promise<DemoAccount[]> {
    return this.db.query<DemoAccount[]>(
      `select o.login, o.name, n.name as organisation, d.password,
              coalesce((select json_agg(distinct g.role) from role_grant g
                        where g.officer_id = o.id and g.revoked_at is null), '[]') as roles
       from demo_account d join officer o on o.id = d.officer_id join organisation n on n.id = o.organisation_id
       where o.disabled_at is null order by d.officer_id`,
    );
  }
}
