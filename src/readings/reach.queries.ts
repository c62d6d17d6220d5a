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
  /** Is there such a unit on the day asked for? Communes that were merged end, and what they became begins. */
  readonly open: boolean;
}

/**
 * The units taking part for which an officer holds one of the roles: those of the right, and all below them in the campaign's tree,
 * with what came in their place while it ran. Codes and names are those of the day, where one is given.
 */
export const unitsReached = (
  db: Database,
  officerId: number,
  roles: readonly Role[],
  campaign: Pick<Campaign, 'id' | 'endsOn'>,
  on: string | null = null,
): Promise<ReachedUnit[]> =>
  db.query(
    `with recursive rights as (
       select g.unit_id from role_grant g
        where g.officer_id = $1 and g.role = any($2) and g.revoked_at is null
          and (g.campaign_id is null or g.campaign_id = $3 or g.campaign_id = (select parent_id from campaign where id = $3))
     ), edge as materialized (select * from campaign_tree($3)), tree as (
       select unit_id from rights where unit_id is not null
       union
       select u.unit_id from edge u join tree on u.parent_id = tree.unit_id
     ), named as materialized (select distinct on (unit_id) unit_id, code, full_name, kind from edge order by unit_id)
     select p.unit_id as "unitId", p.group_id as "groupId", coalesce(v.code, u.code) as code, coalesce(v.full_name, u.full_name) as "fullName",
            coalesce(v.kind, u.kind) as kind, $5::date is null or v.unit_id is not null as open
       from taking_part($3, $4) p join campaign_group g on g.id = p.group_id
       left join named u on u.unit_id = p.unit_id
       left join unit_version v on v.unit_id = p.unit_id and daterange(v.valid_from, v.valid_to) @> $5::date
      where exists (select 1 from rights where unit_id is null) or p.unit_id in (select unit_id from tree)
      order by g.ordinal, 3`,
    [officerId, roles, campaign.id, campaign.endsOn, on],
  );
