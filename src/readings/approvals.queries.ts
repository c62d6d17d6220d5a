import type { DataSource, EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';

type Database = DataSource | EntityManager;

export interface Waiting {
  readonly id: number;
  readonly unitId: number;
  readonly indicatorId: number;
  readonly fullName: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly fromOn: string;
  readonly toOn: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly state: 'submitted' | 'checked';
  readonly reason: string | null;
  readonly recordedAt: Date;
  readonly recordedBy: number | null;
  readonly recorder: string | null;
  /** What counts now in the same cell, for a correction. */
  readonly before: string | null;
  readonly evidence: { id: number; name: string }[];
}

const WAITING = `select r.id, r.unit_id as "unitId", r.indicator_id as "indicatorId", u.full_name as "fullName", v.name_vi as "nameVi",
    v.name_en as "nameEn", r.from_on as "fromOn", r.to_on as "toOn", r.numerator, r.denominator, trim_scale(r.value)::text as value,
    r.state, r.reason, r.recorded_at as "recordedAt", r.recorded_by as "recordedBy", o.name as recorder,
    (select concat_ws(' / ', b.numerator, b.denominator, trim_scale(b.value)) from reading b
      where b.indicator_id = r.indicator_id and b.unit_id = r.unit_id and b.from_on = r.from_on and b.to_on = r.to_on
        and b.approved_at is not null and b.replaced_at is null and (b.source = 'derived') = (r.source = 'derived')) as before,
    (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name)), '[]') from reading_evidence e
       join evidence_file f on f.id = e.evidence_file_id where e.reading_id = r.id) as evidence
  from reading r
  left join unit_version u on u.unit_id = r.unit_id and daterange(u.valid_from, u.valid_to) @> r.to_on - 1
  left join officer o on o.id = r.recorded_by
  left join lateral (select name_vi, name_en from indicator_version v where v.indicator_id = r.indicator_id order by v.id desc limit 1) v on true
  where r.campaign_id = $1 and r.state in ('submitted', 'checked')
    and not exists (select 1 from reading n where n.supersedes_id = r.id and n.state <> 'returned')`;

export const waitingByIds = (db: Database, campaignId: number, ids: readonly number[]): Promise<Waiting[]> =>
  db.query(`${WAITING} and r.id = any($2)`, [campaignId, ids]);

export const waitingFor = (
  db: Database,
  campaignId: number,
  units: readonly number[],
  limit: number,
): Promise<Waiting[]> =>
  db.query(`${WAITING} and r.unit_id = any($2) order by r.from_on, u.code, r.indicator_id limit $3`, [
    campaignId,
    units,
    limit,
  ]);

export const waitingCount = async (
  db: Database,
  campaignId: number,
  units: readonly number[],
): Promise<number> => {
  const [{ n } = { n: 0 }] = await db.query<{ n: number }[]>(
    `select count(*)::int as n from reading r where r.campaign_id = $1 and r.unit_id = any($2) and r.state in ('submitted', 'checked')`,
    [campaignId, units],
  );
  return n;
};

/**
 * May the officer decide on this unit's readings? An organiser for it may. With two steps a reporter of a unit above it may check
 * what is only submitted.
 */
export async function mayDecide(
  tx: Database,
  campaign: Campaign,
  officerId: number,
  unitId: number,
  waiting: readonly Waiting[],
): Promise<boolean> {
  const onlySubmitted = waiting.every((one) => one.unitId !== unitId || one.state === 'submitted');
  const rows = await tx.query<unknown[]>(
    `with recursive edge as materialized (select unit_id, parent_id from campaign_tree($2)), above as (
       select unit_id, parent_id, 0 as depth from edge where unit_id = $3
       union
       select coalesce(u.unit_id, above.parent_id), u.parent_id, above.depth + 1
         from above left join edge u on u.unit_id = above.parent_id where above.parent_id is not null and above.depth < 20
     )
     select 1 from role_grant g left join above a on a.unit_id = g.unit_id
      where g.officer_id = $1 and g.revoked_at is null and (g.unit_id is null or a.unit_id is not null)
        and (g.campaign_id is null or g.campaign_id = $2 or g.campaign_id = (select parent_id from campaign where id = $2))
        and (g.role = 'organiser' or ($4 and g.role = 'reporter' and a.depth > 0))
      limit 1`,
    [officerId, campaign.id, unitId, campaign.approvalSteps === 2 && onlySubmitted],
  );
  return rows.length > 0;
}
