import type { DataSource } from 'typeorm';
import { counted, factOf } from './fact-source.js';
import type { CubeFact, FactCube } from './fact-cube.js';

interface Row {
  indicator_id: number;
  unit_id: number;
  from_day: number;
  until_day: number;
  numerator: number | null;
  denominator: number | null;
  value: string | null;
  derived: boolean;
}

/** The cells touched by some readings, each with all that counts in it now. */
export interface TouchedCell {
  readonly unit: number;
  readonly slot: number;
  readonly facts: readonly CubeFact[];
}

export async function touchedCells(
  db: DataSource,
  cube: FactCube,
  readingIds: readonly number[],
): Promise<TouchedCell[]> {
  const { contest } = cube;
  const rows = await db.query<Row[]>(
    `with touched as (select distinct indicator_id, unit_id from reading where id = any($1))
     select t.indicator_id, t.unit_id, r.from_on - $2::date as from_day, r.to_on - $2::date as until_day,
            r.numerator, r.denominator, trim_scale(r.value)::text as value, r.source = 'derived' as derived
       from touched t left join reading r on r.indicator_id = t.indicator_id and r.unit_id = t.unit_id and ${counted(null)}
      order by t.indicator_id, t.unit_id, r.source = 'derived', r.to_on - r.from_on, r.from_on`,
    [readingIds, contest.startsOn],
  );
  const slots = new Map(contest.indicators.map(({ id }, slot) => [id, slot]));
  const cells = new Map<string, TouchedCell & { facts: CubeFact[] }>();
  for (const row of rows) {
    const slot = slots.get(row.indicator_id);
    if (slot === undefined) continue;
    const key = `${slot}:${row.unit_id}`;
    const cell = cells.get(key) ?? { unit: row.unit_id, slot, facts: [] };
    cells.set(key, cell);
    const fact = row.from_day === null ? null : factOf(cube, rawOf(row, slot));
    if (fact) cell.facts.push(fact);
  }
  return [...cells.values()];
}

const rawOf = (row: Row, slot: number) => ({
  unit: row.unit_id,
  slot,
  from: row.from_day,
  until: row.until_day,
  n: row.numerator ?? -1,
  d: row.denominator ?? -1,
  derived: row.derived,
  text: row.value,
});
