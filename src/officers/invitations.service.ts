import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { Accounts, type NewGrant } from './accounts.service.js';
import { Officers } from './officers.service.js';
import { digest, freshSecret } from './secret.js';

const VALID = 7 * 24 * 3_600_000;

export interface NewInvitation {
  name: string | null;
  /** Null only for the very first administrator, who names the organisation when accepting. */
  organisationId: number | null;
  grants: NewGrant[];
}

export interface Invitation {
  id: number;
  name: string | null;
  organisationId: number | null;
  organisation: string | null;
  invitedBy: number | null;
  grants: NewGrant[];
}

/** One-time links by which new officers get in, with the rights they will have. */
@Injectable()
export class Invitations {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly accounts: Accounts,
    private readonly officers: Officers,
  ) {}

  /** @returns the secret of the link; only its hash is kept. */
  async issue(
    tx: EntityManager,
    by: number | null,
    { name, organisationId, grants }: NewInvitation,
  ): Promise<string> {
    if (by !== null) for (const grant of grants) await this.officers.demandToGrant(tx, by, grant);
    const secret = freshSecret();
    const now = this.clock.now();
    const [row] = await tx.query<{ id: number }[]>(
      `insert into invitation (token_hash, name, organisation_id, invited_by, invited_at, expires_at)
       values ($1, $2, $3, $4, $5, $6) returning id`,
      [digest(secret), name, organisationId, by, now, new Date(now.getTime() + VALID)],
    );
    for (const { role, unitId = null, campaignId = null } of grants)
      await tx.query(
        `insert into invitation_grant (invitation_id, role, unit_id, campaign_id) values ($1, $2, $3, $4)
         on conflict do nothing`,
        [row?.id, role, unitId, campaignId],
      );
    await this.journal.record(tx, {
      officer: by,
      act: 'officer.invited',
      subject: `invitation/${row?.id}`,
      facts: { organisation: organisationId, rights: grants },
    });
    return secret;
  }

  /** The open invitation behind a link, locked when it is to be accepted. @throws NotFoundException */
  async find(tx: EntityManager, secret: string, lock: '' | 'for update of i' = ''): Promise<Invitation> {
    const [row] = await tx.query<Invitation[]>(
      `select i.id, i.name, i.organisation_id as "organisationId", n.name as organisation, i.invited_by as "invitedBy",
              coalesce((select json_agg(json_build_object('role', g.role, 'unitId', g.unit_id, 'campaignId', g.campaign_id))
                        from invitation_grant g where g.invitation_id = i.id), '[]') as grants
       from invitation i left join organisation n on n.id = i.organisation_id
       where i.token_hash = $1 and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > $2 ${lock}`,
      [digest(secret), this.clock.now()],
    );
    if (!row) throw new NotFoundException('officers.refusals.linkSpent');
    return row;
  }

  /** The link is used up in the same transaction that makes the officer. @returns the officer's id. */
  async accept(
    tx: EntityManager,
    secret: string,
    officer: { login: string; name: string; password: string; organisationId: number },
  ): Promise<number> {
    const invitation = await this.find(tx, secret, 'for update of i');
    const organisationId = invitation.organisationId ?? officer.organisationId;
    const made = { ...officer, organisationId };
    const id = await this.accounts.create(tx, invitation.invitedBy, made, invitation.grants);
    await tx.query(`update invitation set accepted_at = $2, accepted_as = $3 where id = $1`, [
      invitation.id,
      this.clock.now(),
      id,
    ]);
    return id;
  }

  async withdraw(tx: EntityManager, by: number, id: number): Promise<void> {
    const rows = await tx.query<unknown[]>(
      `with gone as (update invitation set withdrawn_at = $2, withdrawn_by = $3
         where id = $1 and accepted_at is null and withdrawn_at is null returning 1) select * from gone`,
      [id, this.clock.now(), by],
    );
    if (rows.length === 0) throw new NotFoundException('officers.refusals.linkSpent');
    await this.journal.record(tx, {
      officer: by,
      act: 'officer.invitation-withdrawn',
      subject: `invitation/${id}`,
    });
  }
}
