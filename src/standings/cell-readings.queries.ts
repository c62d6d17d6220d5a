import type { DataSource } from 'typeorm';
import { rawOf, type RawReading, type ReadingRow } from './cube-filling.js';
import { counted } from './fact-source.js';
import type { FactCube } from './fact-cube.js';

/** The cells touched by some readings, each with all that counts in it now. */
export interface TouchedCell {
  readonly unit: number;
  readonly slot: number;
  readonly readings: readonly RawReading[];
}

export async function touchedCells(
  db: DataSource,
  cube: FactCube,
  readingIds: readonly number[],
): Promise<TouchedCell[]> {
  const { contest } = cube;
  const same = contest.passages.filter(({ how }) => how === 'same');
  const rows = await db.query<ReadingRow[]>(
    `with alias(unit_id, main) as (select * from unnest($3::int[], $4::int[])),
          touched as (select distinct indicator_id, coalesce(a.main, r.unit_id) as main from reading r left join alias a using (unit_id) where r.id = any($1)),
          known as (select indicator_id, main, main as unit_id from touched union select t.indicator_id, t.main, a.unit_id from touched t join alias a using (main))
     select t.indicator_id, t.main as unit_id, r.from_on - $2::date as from_day, r.to_on - $2::date as until_day,
            r.numerator, r.denominator, trim_scale(r.value)::text as value, r.source = 'derived' as derived, (date_part('epoch', r.approved_at) * 1000000)::bigint as approved_at
       from known t left join reading r on r.indicator_id = t.indicator_id and r.unit_id = t.unit_id and ${counted(null)}
      order by t.indicator_id, t.main, r.source = 'derived', r.to_on - r.from_on, r.from_on`,
    [readingIds, contest.startsOn, same.map(({ unitId }) => unitId), same.map(({ below }) => below)],
  );
  const slots = new Map(contest.indicators.map(({ id }, slot) => [id, slot]));
  const cells = new Map<string, TouchedCell & { readings: RawReading[] }>();
  for (const row of rows) {
    const slot = slots.get(row.indicator_id);
    if (slot === undefined) continue;
    const key = `${slot}:${row.unit_id}`;
    const cell = cells.get(key) ?? { unit: row.unit_id, slot, readings: [] };
    cells.set(key, cell);
    const at = cube.rowOf(row.unit_id);
    if (row.from_day !== null && at >= 0) cell.readings.push(rawOf(row, slot, at));
  }
  return [...cells.values()];
}
