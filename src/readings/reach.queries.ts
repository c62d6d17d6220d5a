import type { DataSource, EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import type { Role } from '../platform/http/access.js';

type Database = DataSource | EntityManager;

export interface ReachedUnit {
  readonly unitId: number;
  readonly groupId: number;
  readonly code: string;
  readonly fullName: string;
  readonly kind: string;
}

/** The participating units an officer holds one of the roles for: those of the right, and all below them in the campaign's tree. */
export const unitsReached = (
  db: Database,
  officerId: number,
  roles: readonly Role[],
  campaign: Pick<Campaign, 'id' | 'unitsAsOf'>,
): Promise<ReachedUnit[]> =>
  db.query(
    `with recursive rights as (
       select g.unit_id from role_grant g
        where g.officer_id = $1 and g.role = any($2) and g.revoked_at is null
          and (g.campaign_id is null or g.campaign_id = $3 or g.campaign_id = (select parent_id from campaign where id = $3))
     ), today as materialized (select * from units_on($4)), tree as (
       select unit_id from rights where unit_id is not null
       union
       select u.unit_id from today u join tree on u.parent_id = tree.unit_id
     )
     select p.unit_id as "unitId", p.group_id as "groupId", u.code, u.full_name as "fullName", u.kind
       from participation p join campaign_group g on g.id = p.group_id left join today u on u.unit_id = p.unit_id
      where p.campaign_id = $3
        and (exists (select 1 from rights where unit_id is null) or p.unit_id in (select unit_id from tree))
      order by g.ordinal, u.code`,
    [officerId, roles, campaign.id, campaign.unitsAsOf],
  );
