import type { EntityManager } from 'typeorm';
import type { Role, Scope } from '../platform/http/access.js';

/** What an act touches. Nothing named: the whole country, every campaign. */
export interface Reach {
  unitId?: number | null;
  campaignId?: number | null;
}

/**
 * Does the officer hold one of the roles for this reach, at this moment? A right for a unit reaches all units below
 * it today (an ended unit: where it last stood); a right for a campaign reaches the campaigns inside it. An act
 * that names no unit needs a right for everywhere; the same for campaigns.
 */
export async function holds(
  tx: EntityManager,
  officerId: number,
  roles: readonly Role[],
  { unitId = null, campaignId = null }: Reach,
  today: string,
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `with recursive above (unit_id, depth) as (
       select $3::integer, 0 where $3::integer is not null
       union all
       select v.parent_id, a.depth + 1 from above a cross join lateral (
         select parent_id from unit_version
         where unit_id = a.unit_id and (valid_from is null or valid_from <= $5::date)
         order by valid_from desc nulls last limit 1) v
       where v.parent_id is not null and a.depth < 10
     ), around (campaign_id, depth) as (
       select $4::integer, 0 where $4::integer is not null
       union all
       select c.parent_id, a.depth + 1 from around a join campaign c on c.id = a.campaign_id
       where c.parent_id is not null and a.depth < 10
     )
     select 1 from role_grant g join officer o on o.id = g.officer_id
     where g.officer_id = $1 and g.role = any($2::text[]) and g.revoked_at is null and o.disabled_at is null
       and (g.unit_id is null or g.unit_id in (select unit_id from above))
       and (g.campaign_id is null or g.campaign_id in (select campaign_id from around))
     limit 1`,
    [officerId, roles, unitId, campaignId, today],
  );
  return rows.length > 0;
}

/** The rights an officer has at this moment. */
export function rightsOf(tx: EntityManager, officerId: number): Promise<Scope[]> {
  return tx.query<Scope[]>(
    `select role, unit_id as "unitId", campaign_id as "campaignId" from role_grant
     where officer_id = $1 and revoked_at is null order by id`,
    [officerId],
  );
}
