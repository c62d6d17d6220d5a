import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { ROLES } from '../platform/http/access.js';
import type { OrganisationKind } from './organisations.service.js';

export interface Option {
  value: string;
  label: string;
}

export interface OrganisationRow {
  id: number;
  code: string;
  name: string;
  kind: OrganisationKind;
  officers: number;
}

export interface OpenInvitation {
  id: number;
  name: string | null;
  organisation: string | null;
  invitedAt: Date;
  expiresAt: Date;
  isOver: boolean;
  roles: string[];
}

/** What the forms about officers offer to choose from, and the lists beside them. */
@Injectable()
export class ChoicesQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  roles(t: (key: string) => string): Option[] {
    return ROLES.map((role) => ({ value: role, label: t(`shell.role.${role}`) }));
  }

  organisations(): Promise<OrganisationRow[]> {
    return this.db.query<OrganisationRow[]>(
      `select n.id, n.code, n.name, n.kind,
              (select count(*)::int from officer o where o.organisation_id = n.id and o.disabled_at is null) as officers
       from organisation n order by n.name`,
    );
  }

  campaigns(locale: string): Promise<Option[]> {
    return this.db.query<Option[]>(
      `select slug as value, case when $1 = 'en' then title_en else title_vi end as label
       from campaign order by starts_on desc, id`,
      [locale],
    );
  }

  /** Provinces, districts and departments of today; communes are typed by their code or full name. */
  units(): Promise<Option[]> {
    return this.db.query<Option[]>(
      `select code as value, full_name as label from units_on($1) where kind in ('province', 'district', 'department', 'agency')
       order by array_position(array['province', 'district', 'department', 'agency'], kind), full_name limit 800`,
      [this.clock.now().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' })],
    );
  }

  /** Those of one officer, or everybody's. */
  invitations(by: number | null): Promise<OpenInvitation[]> {
    return this.db.query<OpenInvitation[]>(
      `select i.id, i.name, n.name as organisation, i.invited_at as "invitedAt", i.expires_at as "expiresAt",
              i.expires_at <= $2 as "isOver",
              coalesce((select json_agg(distinct g.role) from invitation_grant g where g.invitation_id = i.id), '[]') as roles
       from invitation i left join organisation n on n.id = i.organisation_id
       where i.accepted_at is null and i.withdrawn_at is null and ($1::int is null or i.invited_by = $1)
       order by i.id desc limit 200`,
      [by, this.clock.now()],
    );
  }
}
