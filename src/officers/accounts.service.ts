import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { Role } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { Journal } from '../journal/journal.service.js';
import { hashPassword } from './password.js';
import { Sessions } from './sessions.service.js';

export interface NewOfficer {
  login: string;
  name: string;
  organisationId: number;
  password: string;
}

/** A right as it is given; what is left out means everywhere. */
export interface NewGrant {
  role: Role;
  unitId?: number | null;
  campaignId?: number | null;
}

/** Officers' accounts and rights. `by` is the officer who does it, null for the program itself. */
@Injectable()
export class Accounts {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly sessions: Sessions,
  ) {}

  /** The caller has checked the password. @throws InputError when the login name is taken. */
  async create(
    tx: EntityManager,
    by: number | null,
    officer: NewOfficer,
    grants: readonly NewGrant[],
  ): Promise<number> {
    const [row] = await tx.query<{ id: number }[]>(
      `insert into officer (login, name, organisation_id, password_hash, password_set_at, invited_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $5) on conflict (login) do nothing returning id`,
      [
        officer.login.trim().toLowerCase(),
        officer.name.trim(),
        officer.organisationId,
        await hashPassword(officer.password),
        this.clock.now(),
        by,
      ],
    );
    if (!row) throw new InputError([{ field: 'login', code: 'officers.findings.login.taken' }]);
    const { id } = row;
    for (const grant of grants) await this.insertGrant(tx, by, id, grant);
    await this.journal.record(tx, {
      officer: by,
      act: 'officer.added',
      subject: `officer/${id}`,
      facts: { organisation: officer.organisationId, rights: grants.map(plain) },
    });
    return id;
  }

  /** @returns false when the officer has this right already. */
  async grant(tx: EntityManager, by: number, officerId: number, grant: NewGrant): Promise<boolean> {
    if (!(await this.insertGrant(tx, by, officerId, grant))) return false;
    await this.journal.record(tx, {
      officer: by,
      act: 'officer.right-granted',
      subject: `officer/${officerId}`,
      facts: plain(grant),
    });
    return true;
  }

  /** @returns false when it is not, or no longer, a right of this officer. */
  async revoke(tx: EntityManager, by: number, officerId: number, grantId: number): Promise<boolean> {
    const [gone] = await tx.query<NewGrant[]>(
      `with gone as (update role_grant set revoked_by = $3, revoked_at = $4
         where id = $1 and officer_id = $2 and revoked_at is null
         returning role, unit_id as "unitId", campaign_id as "campaignId")
       select * from gone`,
      [grantId, officerId, by, this.clock.now()],
    );
    if (!gone) return false;
    await this.journal.record(tx, {
      officer: by,
      act: 'officer.right-revoked',
      subject: `officer/${officerId}`,
      facts: plain(gone),
    });
    return true;
  }

  /** Closes the account and ends its sessions everywhere; what the officer did stays in the journal. */
  async close(tx: EntityManager, by: number, officerId: number): Promise<void> {
    await tx.query(
      `update officer set disabled_at = $2, disabled_by = $3 where id = $1 and disabled_at is null`,
      [officerId, this.clock.now(), by],
    );
    await this.sessions.closeAll(tx, officerId);
    await this.journal.record(tx, { officer: by, act: 'officer.closed', subject: `officer/${officerId}` });
  }

  /** Signs the officer out everywhere, but for the session to be kept. */
  async endSessions(tx: EntityManager, officerId: number, keep?: number): Promise<void> {
    await this.sessions.closeAll(tx, officerId, keep);
  }

  async setPassword(tx: EntityManager, officerId: number, password: string): Promise<void> {
    await tx.query(`update officer set password_hash = $2, password_set_at = $3 where id = $1`, [
      officerId,
      await hashPassword(password),
      this.clock.now(),
    ]);
  }

  async reopen(tx: EntityManager, by: number, officerId: number): Promise<void> {
    await tx.query(`update officer set disabled_at = null, disabled_by = null where id = $1`, [officerId]);
    await this.journal.record(tx, { officer: by, act: 'officer.reopened', subject: `officer/${officerId}` });
  }

  private async insertGrant(
    tx: EntityManager,
    by: number | null,
    officerId: number,
    { role, unitId = null, campaignId = null }: NewGrant,
  ): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `insert into role_grant (officer_id, role, unit_id, campaign_id, granted_by, granted_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1`,
      [officerId, role, unitId, campaignId, by, this.clock.now()],
    );
    return rows.length > 0;
  }
}

const plain = ({ role, unitId = null, campaignId = null }: NewGrant) => ({ role, unitId, campaignId });
