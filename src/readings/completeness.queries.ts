import type { DataSource, EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { reportingRate } from '../rules/scoring/reporting.js';

export interface Completeness {
  readonly unitId: number;
  readonly code: string;
  readonly fullName: string;
  readonly group: string;
  readonly groupVi: string;
  readonly groupEn: string;
  /** Cells expected by now: indicators that apply, times periods begun and over while the unit existed. */
  readonly expected: number;
  readonly received: number;
  readonly onTime: number;
  readonly approved: number;
  /** In percent of what was expected, never above 100; null where nothing was expected. */
  readonly complete: string | null;
  readonly timely: string | null;
  readonly lastOn: string | null;
}

/**
 * What came in of what was expected, per unit, up to and including `until`; who was merged or split is expected up to its last day,
 * what it became from that day on. A period (day, week, thirty days, the whole campaign) is
 * expected of a unit that existed on its last day and took part; a window covers all its periods; on time is a first reading
 * recorded by the end of the due day in Vietnam.
 */
export async function completenessOf(
  db: DataSource | EntityManager,
  campaign: Campaign,
  until: string,
): Promise<Completeness[]> {
  const rows = await db.query<Omit<Completeness, 'complete' | 'timely'>[]>(COMPLETENESS, [
    campaign.id,
    campaign.startsOn,
    until,
    campaign.rulesVersionId,
    campaign.endsOn,
    campaign.reportDueDays,
  ]);
  return rows.map((row) => {
    const expected = row.expected === 0 ? null : row.expected;
    const rate = (came: number) => reportingRate(came, expected, 1);
    return { ...row, complete: rate(row.received), timely: rate(row.onTime) };
  });
}

const COMPLETENESS = `with length(cadence, days) as (values ('daily', 1), ('weekly', 7), ('monthly', 30), ('once', 100000)),
     taker as materialized (select * from taking_part($1, least($3::date, $5::date))),
     wanted as materialized (
       select p.unit_id, p.group_id, v.indicator_id, l.days, p.joined_on, p.left_on
         from taker p
         join indicator_weight w on w.group_id = p.group_id
         join indicator_version v on v.id = w.indicator_version_id and v.rules_version_id = $4
         join length l on l.cadence = v.cadence
        where v.kind <> 'task'
          and not exists (select 1 from exemption e where e.indicator_id = v.indicator_id and e.unit_id = p.unit_id and e.withdrawn_at is null)
     ), day as materialized (
       select d::date as day, (d::date - $2::date) as n from generate_series($2::date, least($3::date, $5::date), '1 day') d
     ), open as materialized (
       select u.unit_id, d.day, d.n from day d
         join taker p on (p.joined_on is null or p.joined_on <= d.day) and (p.left_on is null or d.day < p.left_on)
         join unit_version u on u.unit_id = p.unit_id and daterange(u.valid_from, u.valid_to) @> d.day
     ), expected as (
       select w.unit_id, count(*) as n
         from wanted w join open o on o.unit_id = w.unit_id
        where (o.n + 1) % w.days = 0 or (w.days > 1 and o.day = $5::date)
        group by w.unit_id
     ), first as materialized (
       select r.unit_id, r.indicator_id, r.from_on, r.to_on, min(r.recorded_at) as recorded_at, bool_or(r.approved_at is not null) as approved
         from reading r
        where r.campaign_id = $1 and r.source <> 'derived' and r.state <> 'returned' and not r.withdrawn and r.to_on <= $3::date + 1
        group by r.unit_id, r.indicator_id, r.from_on, r.to_on
     ), came as (
       select f.unit_id, f.indicator_id, o.n / w.days as period, bool_or(f.approved) as approved, max(f.to_on - 1) as last_on,
              bool_or(f.recorded_at < (f.to_on + $6::int)::timestamp at time zone 'Asia/Ho_Chi_Minh') as on_time
         from first f join wanted w on w.unit_id = f.unit_id and w.indicator_id = f.indicator_id
         join open o on o.unit_id = f.unit_id and o.day >= f.from_on and o.day < f.to_on
        group by 1, 2, 3
     ), received as (
       select unit_id, count(*) as n, count(*) filter (where on_time) as on_time, count(*) filter (where approved) as approved, max(last_on) as last_on
         from came group by unit_id
     )
     select p.unit_id as "unitId", u.code, u.full_name as "fullName", g.code as "group", g.name_vi as "groupVi", g.name_en as "groupEn", coalesce(e.n, 0)::int as expected,
            least(coalesce(r.n, 0), coalesce(e.n, 0))::int as received, least(coalesce(r.on_time, 0), coalesce(e.n, 0))::int as "onTime",
            coalesce(r.approved, 0)::int as approved, r.last_on as "lastOn"
       from taker p join campaign_group g on g.id = p.group_id
       left join lateral (select code, full_name from unit_version v where v.unit_id = p.unit_id
                           order by daterange(v.valid_from, v.valid_to) @> $3::date desc, v.valid_from desc nulls last limit 1) u on true
       left join expected e on e.unit_id = p.unit_id left join received r on r.unit_id = p.unit_id
      order by g.ordinal, u.code`;
