import { millionths } from '../rules/scoring/decimal.js';
import { MILLION } from '../rules/scoring/fraction.js';
import { place } from './cube-sums.js';
import type { CubeFact, FactCube } from './fact-cube.js';

/** A reading that counts, in the cube's own numbers but for its figures, which are read by the rules of the contest. */
export interface RawReading {
  readonly slot: number;
  readonly row: number;
  /** First day and day after the last, from the campaign's first day. */
  readonly from: number;
  readonly until: number;
  /** −1 where the reading has none. */
  readonly n: number;
  readonly d: number;
  readonly derived: boolean;
  readonly text: string | null;
  /** Microseconds since 1970-01-01. */
  readonly approvedAt: number;
}

/** A reading as a query of ours answers it, its days counted from the campaign's first. */
export interface ReadingRow {
  readonly indicator_id: number;
  readonly unit_id: number;
  readonly from_day: number;
  readonly until_day: number;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly derived: boolean;
  readonly approved_at: number | null;
}

export const rawOf = (reading: ReadingRow, slot: number, row: number): RawReading => ({
  slot,
  row,
  from: reading.from_day,
  until: reading.until_day,
  n: reading.numerator ?? -1,
  d: reading.denominator ?? -1,
  derived: reading.derived,
  text: reading.value,
  approvedAt: reading.approved_at ?? 0,
});

/** The plain case: counts of one day, typed, the first of their cell. False: it has to be taken with the others. */
export function takePlain(cube: FactCube, raw: RawReading): boolean {
  const { slot, row, from, until, n, d, derived } = raw;
  if (until - from !== 1 || from < 0 || until > cube.days || d < 0 || derived) return false;
  const at = cube.at(from, slot, row);
  if (cube.reportedD[at]! >= 0) return false;
  cube.reportedN[at] = n;
  cube.reportedD[at] = d;
  if (cube.approved) cube.approved[at] = raw.approvedAt;
  return true;
}

/** All that was not plain: short stretches first, so that the longest has the last word; derived ones last. */
export function takeOthers(cube: FactCube, raws: RawReading[]): void {
  raws.sort(
    (a, b) =>
      Number(a.derived) - Number(b.derived) || a.until - a.from - (b.until - b.from) || a.from - b.from,
  );
  for (const raw of raws) {
    keep(cube, raw);
    place(cube, factOf(cube, raw));
  }
}

/** Remembered for the instants before; so is the plain one that it takes the place of. */
function keep(cube: FactCube, raw: RawReading): void {
  if (!cube.approved) return;
  const { slot, row, until } = raw;
  const kept = cube.others.get(cube.cell(slot, row)) ?? [];
  cube.others.set(cube.cell(slot, row), kept);
  kept.push(raw);
  const day = until - 1;
  if (day < 0 || day >= cube.days) return;
  const at = cube.at(day, slot, row);
  const approvedAt = cube.approved[at]!;
  if (approvedAt === 0) return;
  const plain = {
    from: day,
    until,
    n: cube.reportedN[at]!,
    d: cube.reportedD[at]!,
    derived: false,
    text: null,
  };
  kept.push({ slot, row, ...plain, approvedAt });
  cube.approved[at] = 0;
}

function factOf(cube: FactCube, raw: RawReading): CubeFact {
  const { slot, row, from, until, derived } = raw;
  return { slot, row, from, until, derived, ...figureOf(cube, raw) };
}

function figureOf(cube: FactCube, { slot, n, d, text }: RawReading) {
  const indicator = cube.contest.indicators[slot];
  if (text !== null && indicator?.form === 'ratio')
    return { numerator: millionths(text), denominator: 100 * MILLION, percentOnly: true };
  if (text !== null) {
    const denominator = indicator?.form === 'level' ? indicator.maximum : MILLION;
    return { numerator: millionths(text), denominator, percentOnly: false };
  }
  return { numerator: n, denominator: d < 0 ? 1 : d, percentOnly: false };
}
