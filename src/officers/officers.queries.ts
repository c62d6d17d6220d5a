import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import type { Role } from '../platform/http/access.js';
import { IDLE } from './sessions.service.js';

export interface Right {
  id: number;
  role: Role;
  unit: string | null;
  campaignVi: string | null;
  campaignEn: string | null;
  grantedAt: Date;
}

export interface OfficerFilter {
  q: string;
  role: string;
  organisation: string;
  state: string;
}

export interface ListedOfficer {
  id: number;
  login: string;
  name: string;
  organisation: string;
  roles: Role[];
  hasSecondFactor: boolean;
  seenAt: Date | null;
  disabledAt: Date | null;
  total: number;
}

export const PAGE = 50;

/** What the pages about officers show. */
@Injectable()
export class OfficersQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  list(
    { q, role, organisation, state }: OfficerFilter,
    offset: number,
    limit = PAGE,
  ): Promise<ListedOfficer[]> {
    return this.db.query<ListedOfficer[]>(
      `select o.id, o.login, o.name, n.name as organisation, o.totp_secret is not null as "hasSecondFactor",
              o.disabled_at as "disabledAt", count(*) over ()::int as total,
              (select max(seen_at) from officer_session s where s.officer_id = o.id) as "seenAt",
              coalesce((select json_agg(distinct g.role) from role_grant g
                        where g.officer_id = o.id and g.revoked_at is null), '[]') as roles
       from officer o join organisation n on n.id = o.organisation_id
       where ($1 = '' or o.name ilike '%' || $1 || '%' or o.login ilike '%' || $1 || '%')
         and ($2 = '' or exists (select from role_grant g
                                 where g.officer_id = o.id and g.role = $2 and g.revoked_at is null))
         and ($3 = '' or n.code = $3)
         and ($4 = '' or (o.disabled_at is null) = ($4 = 'open'))
       order by o.name, o.id offset $5 limit $6`,
      [q.replace(/[\\%_]/g, '\\$&'), role, organisation, state, offset, limit],
    );
  }

  async account(officerId: number) {
    const [row] = await this.db.query<
      {
        id: number;
        login: string;
        name: string;
        organisation: string;
        passwordSetAt: Date;
        totpSince: Date | null;
        recoveryLeft: number;
        createdAt: Date;
        disabledAt: Date | null;
      }[]
    >(
      `select o.id, o.login, o.name, n.name as organisation, password_set_at as "passwordSetAt",
              totp_since as "totpSince", o.created_at as "createdAt", disabled_at as "disabledAt",
              (select count(*)::int from recovery_code c where c.officer_id = o.id and used_at is null) as "recoveryLeft"
       from officer o join organisation n on n.id = o.organisation_id where o.id = $1`,
      [officerId],
    );
    return row;
  }

  /** With the unit's name of today, or the last one it had. */
  rights(officerId: number): Promise<Right[]> {
    return this.db.query<Right[]>(
      `select g.id, g.role, u.full_name as unit, c.title_vi as "campaignVi", c.title_en as "campaignEn",
              g.granted_at as "grantedAt"
       from role_grant g left join campaign c on c.id = g.campaign_id
       left join lateral (select full_name from unit_version v where v.unit_id = g.unit_id
                          order by valid_from desc nulls last limit 1) u on true
       where g.officer_id = $1 and g.revoked_at is null order by g.id`,
      [officerId],
    );
  }

  sessions(
    officerId: number,
    own: number,
  ): Promise<{ id: number; createdAt: Date; seenAt: Date; isThis: boolean }[]> {
    const now = this.clock.now();
    return this.db.query(
      `select id, created_at as "createdAt", seen_at as "seenAt", id = $2 as "isThis" from officer_session
       where officer_id = $1 and signed_in_at is not null and expires_at > $3 and seen_at > $4 order by seen_at desc`,
      [officerId, own, now, new Date(now.getTime() - IDLE)],
    );
  }
}
