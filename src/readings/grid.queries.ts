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

/** What was sent back for this day and has not been answered by a new figure. */
export const returnedOn = (
  db: Database,
  units: readonly number[],
  day: string,
): Promise<{ unitId: number; indicatorId: number; reason: string }[]> =>
  db.query(
    `select distinct on (r.unit_id, r.indicator_id) r.unit_id as "unitId", r.indicator_id as "indicatorId", m.reason
       from reading r join reading_mark m on m.reading_id = r.id and m.state = 'returned' and m.reason <> 'superseded'
      where r.unit_id = any($1) and r.from_on = $2 and r.state = 'returned'
        and not exists (select 1 from reading c where c.unit_id = r.unit_id and c.indicator_id = r.indicator_id and c.from_on = r.from_on and c.id > r.id)
      order by r.unit_id, r.indicator_id, m.id desc`,
    [units, day],
  );
