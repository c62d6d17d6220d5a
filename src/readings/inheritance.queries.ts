import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import type { IndicatorVersion } from '../indicators/indicators.queries.js';
import { grouped } from '../platform/tables/grouped.js';
import { seriesKey } from './cell.js';
import { headsOf, type StoredReading } from './readings.queries.js';

interface Line {
  readonly heir: number;
  readonly unitId: number;
  readonly since: string;
  readonly whole: boolean;
}

/** What units that began in the middle of a campaign carry on from those before them. */
export interface Inheritance {
  /** As one reading per unit and indicator, from the campaign's first day up to the take-over. */
  readonly readings: readonly StoredReading[];
  /** Units that took over a part of another, of which nobody knows how much. */
  readonly unknown: ReadonlySet<number>;
}

const NOTHING: Inheritance = { readings: [], unknown: new Set() };

/** For running totals, which go on where the merged units stopped. */
export async function inheritanceOf(
  tx: EntityManager,
  campaign: Campaign,
  units: readonly number[],
  indicators: readonly IndicatorVersion[],
): Promise<Inheritance> {
  const lines = await tx.query<Line[]>(LINES, [campaign.id, campaign.endsOn, units]);
  if (lines.length === 0) return NOTHING;
  const unknown = new Set(lines.flatMap(({ heir, whole }) => (whole ? [] : [heir])));
  const heads = await headsOf(tx, campaign.id, {
    indicators: indicators.map(({ id }) => id),
    units: [...new Set(lines.map(({ unitId }) => unitId))],
  });
  const series = grouped(
    heads.filter(({ withdrawn }) => !withdrawn),
    seriesKey,
  );
  const readings = [...grouped(lines, ({ heir }) => heir)].flatMap(([heir, own]) =>
    unknown.has(heir)
      ? []
      : indicators.flatMap(({ id, kind }) => {
          const parts = own.flatMap(({ unitId }) =>
            standing(series.get(seriesKey({ indicatorId: id, unitId })), kind),
          );
          return parts.length === 0
            ? []
            : [sumOf(parts, { heir, since: own[0]!.since, startsOn: campaign.startsOn })];
        }),
  );
  return { readings, unknown };
}

const LINES = `with recursive taker as materialized (select * from taking_part($1, $2)),
  line(heir, unit_id, since, whole) as (
    select unit_id, unit_id, since, true from taker where unit_id = any($3) and since is not null
    union
    select l.heir, s.from_unit_id, l.since, l.whole and s.extent in ('whole', 'unchanged', 'part-area-all-pop')
      from line l join succession s on s.to_unit_id = l.unit_id and s.from_unit_id in (select unit_id from taker)
     where s.extent not in ('part-area-only', 'part-all-area-no-pop')
  )
  select heir, unit_id as "unitId", since, bool_and(whole) as whole from line where unit_id <> heir group by 1, 2, 3 order by 1, 2`;

/** What of a unit's series stands at its end: all of a flow, the last of a running total. */
function standing(series: readonly StoredReading[] = [], kind: string): readonly StoredReading[] {
  if (kind === 'flow') return series;
  if (kind !== 'cumulative') return [];
  return series.toSorted((a, b) => (a.toOn < b.toOn ? 1 : -1)).slice(0, 1);
}

const sumOf = (
  parts: readonly StoredReading[],
  { heir, since, startsOn }: { heir: number; since: string; startsOn: string },
): StoredReading => ({
  ...parts[0]!,
  id: 0,
  unitId: heir,
  fromOn: startsOn,
  toOn: since,
  numerator: parts.reduce((sum, { numerator }) => sum + (numerator ?? 0), 0),
  denominator: parts.some(({ denominator }) => denominator !== null)
    ? parts.reduce((sum, { denominator }) => sum + (denominator ?? 0), 0)
    : null,
});
