import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Config } from '../platform/config.js';
import { Accounts } from './accounts.service.js';
import { Invitations } from './invitations.service.js';
import { Organisations } from './organisations.service.js';

const LOCK = 7_403_010;

/** At the start of the server: is there an administrator, and if not, how does one get in. */
@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly config: Config,
    private readonly accounts: Accounts,
    private readonly invitations: Invitations,
    private readonly organisations: Organisations,
  ) {}

  /**
   * Makes the administrator of ADMIN_LOGIN, or an invitation whose link is to be shown at the terminal. Of several
   * instances that start at once only one gets a link; a later start replaces a link that nobody used.
   * @returns the address of the link, once; undefined when none is needed.
   */
  async ensure(tx: EntityManager): Promise<string | undefined> {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const [state] = await tx.query<{ present: boolean; fresh: boolean }[]>(
      `select exists (select from role_grant g join officer o on o.id = g.officer_id
                      where g.role = 'administrator' and g.revoked_at is null and o.disabled_at is null) as present,
              exists (select from invitation where invited_by is null and accepted_at is null
                      and withdrawn_at is null and invited_at > now() - interval '1 minute') as fresh`,
    );
    if (state?.present) return undefined;
    const { ADMIN_LOGIN: login, ADMIN_PASSWORD: password, PUBLIC_URL: url } = this.config;
    if (login !== undefined && password !== undefined) {
      const organisationId = await this.organisations.ensure(tx, OPERATOR);
      const officer = { login, name: login, organisationId, password };
      await this.accounts.create(tx, null, officer, [{ role: 'administrator' }]);
      return undefined;
    }
    if (state?.fresh) return undefined;
    await tx.query(`delete from invitation_grant where invitation_id in
      (select id from invitation where invited_by is null and accepted_at is null)`);
    await tx.query(`delete from invitation where invited_by is null and accepted_at is null`);
    const grants = [{ role: 'administrator' as const }];
    const secret = await this.invitations.issue(tx, null, { name: null, organisationId: null, grants });
    return `${url}/officers/welcome/${secret}`;
  }
}

/** Its name is for the administrator to change. */
export const OPERATOR = { code: 'operator', name: 'Cơ quan vận hành', kind: 'administration' } as const;
