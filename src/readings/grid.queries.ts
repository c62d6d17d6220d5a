import type { DataSource, EntityManager } from 'typeorm';

type Database = DataSource | EntityManager;

export interface GridReading {
  readonly id: number;
  readonly indicatorId: number;
  readonly unitId: number;
  readonly fromOn: string;
  readonly toOn: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly state: string;
  readonly reason: string | null;
}

/** What stands in the cells of these units in the days before `until`, newest first; typed figures only. */
export const recentHeads = (
  db: Database,
  {
    units,
    indicators,
    from,
    until,
  }: { units: readonly number[]; indicators: readonly number[]; from: string; until: string },
): Promise<GridReading[]> =>
  db.query(
    `select r.id, r.indicator_id as "indicatorId", r.unit_id as "unitId", r.from_on as "fromOn", r.to_on as "toOn", r.numerator,
            r.denominator, trim_scale(r.value)::text as value, r.state,
            case when r.state = 'disputed' then (select m.reason from reading_mark m where m.reading_id = r.id order by m.id desc limit 1) end as reason
       from reading r
      where r.indicator_id = any($2) and r.unit_id = any($1) and r.from_on >= $3 and r.from_on < $4 and r.source <> 'derived'
        and r.state <> 'returned' and r.replaced_at is null and not r.withdrawn
        and not exists (select 1 from reading c where c.supersedes_id = r.id and c.state <> 'returned')
      order by r.from_on desc`,
    [units, indicators, from, until],
  );

export interface Draft {
  readonly indicatorId: number;
  readonly unitId: number;
  readonly numerator: string;
  readonly denominator: string;
  readonly value: string;
}

export const draftsOf = (
  db: Database,
  units: readonly number[],
  indicators: readonly number[],
  day: string,
): Promise<Draft[]> =>
  db.query(
    `select indicator_id as "indicatorId", unit_id as "unitId", numerator, denominator, value from reading_draft
      where unit_id = any($1) and indicator_id = any($2) and day = $3`,
    [units, indicators, day],
  );

export interface Returned {
  readonly unitId: number;
  readonly indicatorId: number;
  readonly unit: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly day: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly reason: string;
}

/** What was sent back and has not been answered by a new figure; of one day, or of all when none is named. */
export const returnedTo = (
  db: Database,
  campaignId: number,
  units: readonly number[],
  day: string | null = null,
): Promise<Returned[]> =>
  db.query(
    `select distinct on (r.from_on, u.code, r.indicator_id) r.unit_id as "unitId", r.indicator_id as "indicatorId", u.full_name as unit,
            v.name_vi as "nameVi", v.name_en as "nameEn", r.from_on as day, r.numerator, r.denominator,
            trim_scale(r.value)::text as value, m.reason
       from reading r join campaign c on c.id = r.campaign_id
       join reading_mark m on m.reading_id = r.id and m.state = 'returned' and m.reason <> 'superseded'
       left join unit_version u on u.unit_id = r.unit_id and daterange(u.valid_from, u.valid_to) @> c.units_as_of
       left join lateral (select name_vi, name_en from indicator_version v where v.indicator_id = r.indicator_id order by v.id desc limit 1) v on true
      where r.campaign_id = $1 and r.unit_id = any($2) and ($3::date is null or r.from_on = $3) and r.state = 'returned'
        and not exists (select 1 from reading c where c.unit_id = r.unit_id and c.indicator_id = r.indicator_id and c.from_on = r.from_on and c.id > r.id)
      order by r.from_on, u.code, r.indicator_id, m.id desc`,
    [campaignId, units, day],
  );

/** Days from `from` to `until` with figures that a unit still owes: of indicators reported daily that apply to it. */
export const owedBy = (
  db: Database,
  campaign: { readonly id: number; readonly rulesVersionId: number | null },
  units: readonly number[],
  from: string,
  until: string,
): Promise<{ unitId: number; day: string; missing: number }[]> =>
  db.query(
    `select p.unit_id as "unitId", d::date as day, count(*)::int as missing
       from participation p join generate_series($4::date, $5::date, '1 day') d
         on (p.joined_on is null or p.joined_on <= d) and (p.left_on is null or d < p.left_on)
       join indicator_weight w on w.group_id = p.group_id
       join indicator_version v on v.id = w.indicator_version_id and v.rules_version_id = $2 and v.cadence = 'daily' and v.kind <> 'task'
      where p.campaign_id = $1 and p.unit_id = any($3)
        and not exists (select 1 from reading r where r.unit_id = p.unit_id and r.indicator_id = v.indicator_id
                           and r.from_on <= d and d < r.to_on and r.state <> 'returned' and not r.withdrawn)
        and not exists (select 1 from exemption e where e.indicator_id = v.indicator_id and e.unit_id = p.unit_id and e.withdrawn_at is null)
      group by p.unit_id, d order by d, p.unit_id`,
    [campaign.id, campaign.rulesVersionId, units, from, until],
  );
