import type { DataSource } from 'typeorm';
import { addDays } from '../rules/calendar/day.js';
import type { Contest } from './contest.js';
import { rawOf, takeOthers, takePlain, type RawReading, type ReadingRow } from './cube-filling.js';
import { sumAll } from './cube-sums.js';
import { FactCube } from './fact-cube.js';

/**
 * What counted at an instant, out of what counts now: the readings approved since are left out, and those replaced since are
 * read back. Exact, as when everything is read anew; null where the two do not stand on the same units and indicators.
 */
export async function pastCube(
  db: DataSource,
  live: FactCube,
  contest: Contest,
  knownAt: Date,
): Promise<FactCube | null> {
  const slots = slotsIn(live.contest, contest);
  if (!live.approved || !slots) return null;
  const cube = new FactCube(contest);
  if (cube.rows !== live.rows || cube.unitOf.some((unit, row) => live.unitOf[row] !== unit)) return null;
  const until = knownAt.getTime() * 1000;
  const others = copied(live, cube, slots, until);
  // After the copy: what is replaced in between is in both, which changes nothing.
  for (const raw of await replacedSince(db, cube, knownAt)) if (!takePlain(cube, raw)) others.push(raw);
  takeOthers(cube, others);
  sumAll(cube);
  return cube;
}

/** Where each indicator of the one stands in the other. */
function slotsIn(live: Contest, past: Contest): number[] | null {
  if (live.start !== past.start || live.days !== past.days) return null;
  const slots = past.indicators.map(({ id }) => live.indicators.findIndex((one) => one.id === id));
  return slots.includes(-1) ? null : slots;
}

/** The plain figures go over array by array; the rest is answered. */
function copied(live: FactCube, cube: FactCube, slots: readonly number[], until: number): RawReading[] {
  const { rows } = cube;
  const approved = live.approved!;
  for (const [slot, before] of slots.entries())
    for (let day = 0; day < cube.days; day++) {
      const [to, from] = [cube.at(day, slot, 0), cube.at(day, before, 0)];
      for (let row = 0; row < rows; row++) {
        const at = approved[from + row]!;
        if (at === 0 || at > until) continue;
        cube.reportedN[to + row] = live.reportedN[from + row]!;
        cube.reportedD[to + row] = live.reportedD[from + row]!;
      }
    }
  return [...live.others.values()].flatMap((raws) =>
    raws.flatMap((raw) => {
      const slot = slots.indexOf(raw.slot);
      return slot < 0 || raw.approvedAt > until ? [] : [{ ...raw, slot }];
    }),
  );
}

async function replacedSince(db: DataSource, cube: FactCube, knownAt: Date): Promise<RawReading[]> {
  const { id, startsOn, days, indicators } = cube.contest;
  const rows = await db.query<ReadingRow[]>(
    `select indicator_id, unit_id, from_on - $2::date as from_day, to_on - $2::date as until_day, numerator, denominator,
            trim_scale(value)::text as value, source = 'derived' as derived, null as approved_at
       from reading where campaign_id = $1 and replaced_at > $3 and approved_at <= $3 and not withdrawn and to_on <= $4`,
    [id, startsOn, knownAt, addDays(startsOn, days)],
  );
  const slots = new Map(indicators.map((indicator, slot) => [indicator.id, slot]));
  return rows.flatMap((row) => {
    const [slot, at] = [slots.get(row.indicator_id), cube.rowOf(row.unit_id)];
    if (slot === undefined || at < 0) return [];
    return [rawOf(row, slot, at)];
  });
}
