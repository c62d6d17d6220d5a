import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { digest, freshSecret } from './secret.js';

const MINUTE = 60_000;
export const IDLE = 60 * MINUTE;
export const LONGEST = 12 * 60 * MINUTE;
/** How long the second factor is awaited after the right password. */
const HALF_WAY = 10 * MINUTE;

/** Who is signed in where. The cookie holds a secret, the table its hash. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * A new session, always with a new secret; `complete` when no second factor is awaited.
   * @returns the secret for the cookie.
   */
  async open(tx: EntityManager, officerId: number, agent: string, complete: boolean): Promise<string> {
    const secret = freshSecret();
    const now = this.clock.now();
    await tx.query(
      `insert into officer_session (token_hash, officer_id, signed_in_at, created_at, seen_at, expires_at, agent_hash)
       values ($1, $2, $3, $4, $4, $5, $6)`,
      [
        digest(secret),
        officerId,
        complete ? now : null,
        now,
        new Date(now.getTime() + (complete ? LONGEST : HALF_WAY)),
        digest(agent),
      ],
    );
    await tx.query(`delete from officer_session where expires_at <= $1 or seen_at <= $2`, [
      now,
      new Date(now.getTime() - IDLE),
    ]);
    return secret;
  }

  /** The officer of this cookie with the rights of this moment; undefined when the session is over or half-way. */
  async officer(secret: string, agent: string): Promise<Officer | undefined> {
    const now = this.clock.now();
    const rows = await this.db.query<(Officer & { seenAt: Date })[]>(
      `select o.id, o.login, o.name, o.organisation_id as "organisationId", n.name as organisation,
              s.id as "sessionId", s.seen_at as "seenAt",
              coalesce((select json_agg(json_build_object('role', g.role, 'unitId', g.unit_id, 'campaignId', g.campaign_id)
                                        order by g.id)
                        from role_grant g where g.officer_id = o.id and g.revoked_at is null), '[]') as roles
       from officer_session s join officer o on o.id = s.officer_id join organisation n on n.id = o.organisation_id
       where s.token_hash = $1 and s.agent_hash = $2 and s.signed_in_at is not null
         and s.expires_at > $3 and s.seen_at > $4 and o.disabled_at is null`,
      [digest(secret), digest(agent), now, new Date(now.getTime() - IDLE)],
    );
    const [found] = rows;
    if (!found) return undefined;
    const { seenAt, ...officer } = found;
    if (now.getTime() - seenAt.getTime() > MINUTE)
      await this.db.query(`update officer_session set seen_at = $2 where id = $1`, [officer.sessionId, now]);
    return officer;
  }

  /** Whose password was right and whose second factor is awaited. */
  async halfWay(
    tx: EntityManager,
    secret: string,
    agent: string,
  ): Promise<{ id: number; officerId: number } | undefined> {
    const rows = await tx.query<{ id: number; officerId: number }[]>(
      `select s.id, s.officer_id as "officerId" from officer_session s join officer o on o.id = s.officer_id
       where s.token_hash = $1 and s.agent_hash = $2 and s.signed_in_at is null and s.expires_at > $3
         and o.disabled_at is null`,
      [digest(secret), digest(agent), this.clock.now()],
    );
    return rows[0];
  }

  async close(tx: EntityManager, secret: string): Promise<void> {
    await tx.query(`delete from officer_session where token_hash = $1`, [digest(secret)]);
  }

  /** Ends the officer's sessions everywhere, but for the one to be kept. */
  async closeAll(tx: EntityManager, officerId: number, keep?: number): Promise<void> {
    await tx.query(`delete from officer_session where officer_id = $1 and id is distinct from $2`, [
      officerId,
      keep ?? null,
    ]);
  }
}
