import type { DataSource } from 'typeorm';

export interface DecidedDay {
  readonly id: number;
  readonly day: string;
  readonly reason: string;
  readonly decision_ref: string;
  readonly decided_at: Date;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_reason: string | null;
}

export interface DecidedPoints {
  readonly id: number;
  readonly unit: string;
  readonly points: string;
  readonly counts_from: string;
  readonly reason: string;
  readonly decision_ref: string;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_reason: string | null;
}

export interface Exemption {
  readonly id: number;
  readonly unit: string;
  readonly name_vi: string;
  readonly name_en: string;
  readonly evidence: string;
  readonly granted_at: Date;
  readonly withdrawn_at: Date | null;
}

export interface Departure {
  readonly unit: string;
  readonly last_on: string;
  readonly decision_ref: string | null;
  readonly reason: string | null;
}

/** What was decided about a campaign's standings, taken back or not. */
export async function decidedOf(
  db: DataSource,
  campaignId: number,
): Promise<{
  excluded: DecidedDay[];
  adjustments: DecidedPoints[];
  exemptions: Exemption[];
  departures: Departure[];
}> {
  const excluded = await db.query<DecidedDay[]>(
    `select id, day, reason, decision_ref, decided_at, withdrawn_at, withdrawn_reason from excluded_day
      where campaign_id = $1 order by day, id`,
    [campaignId],
  );
  const adjustments = await db.query<DecidedPoints[]>(
    `select a.id, u.full_name as unit, trim_scale(a.points)::text as points, a.counts_from, a.reason, a.decision_ref,
            a.withdrawn_at, a.withdrawn_reason
       from adjustment a
       left join unit_version u on u.unit_id = a.unit_id and daterange(u.valid_from, u.valid_to) @> a.counts_from
      where a.campaign_id = $1 order by a.id`,
    [campaignId],
  );
  const exemptions = await db.query<Exemption[]>(
    `select e.id, u.full_name as unit, v.name_vi, v.name_en, e.evidence, e.granted_at, e.withdrawn_at
       from exemption e join indicator i on i.id = e.indicator_id join campaign c on c.id = i.campaign_id
       join lateral (select name_vi, name_en from indicator_version where indicator_id = i.id order by id desc limit 1) v on true
       left join unit_version u on u.unit_id = e.unit_id and daterange(u.valid_from, u.valid_to) @> c.units_as_of
      where i.campaign_id = $1 order by e.id`,
    [campaignId],
  );
  const departures = await db.query<Departure[]>(
    `select u.full_name as unit, p.left_on - 1 as last_on, p.left_decision as decision_ref, p.left_reason as reason from participation p join campaign c on c.id = p.campaign_id
       left join unit_version u on u.unit_id = p.unit_id and daterange(u.valid_from, u.valid_to) @> c.units_as_of
      where p.campaign_id = $1 and p.left_on is not null order by p.left_on, u.code`,
    [campaignId],
  );
  return { excluded, adjustments, exemptions, departures };
}
