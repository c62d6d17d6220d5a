import type { CubeFact, FactCube } from './fact-cube.js';
import { divide, gatesOf, type Gates } from './handover.js';

/**
 * Puts one reading into the cube. A flow of several days counts on its last day and only if none of its days is
 * reported otherwise; of states reported for the same day the one over the longer stretch stays. What is derived
 * stands back behind what was typed. Returns whether anything changed.
 */
export function place(cube: FactCube, fact: CubeFact): boolean {
  const cell = cube.cell(fact.slot, fact.row);
  const day = fact.until - 1;
  if (day >= cube.days) return false;
  if (fact.percentOnly) return placePercentage(cube, cell, day, fact);
  if (day < 0) return placeBefore(cube, cell, day, fact);
  const flow = cube.flows[fact.slot] ?? false;
  if (flow && (fact.from < 0 || overlaps(cube, fact))) return false;
  const at = cube.at(day, fact.slot, fact.row);
  if (fact.derived && (cube.reportedD[at] ?? -1) >= 0) return false;
  cube.reportedN[at] = fact.numerator;
  cube.reportedD[at] = fact.denominator;
  if (flow && fact.until - fact.from > 1)
    cube.stretches.set(cell, [...(cube.stretches.get(cell) ?? []), fact]);
  return true;
}

/** Forgets what was reported for a cell. */
export function clearCell(cube: FactCube, slot: number, row: number): void {
  const cell = cube.cell(slot, row);
  for (let day = 0; day < cube.days; day++) {
    const at = cube.at(day, slot, row);
    cube.reportedD[at] = -1;
    if (cube.approved) cube.approved[at] = 0;
  }
  for (const side of [cube.percentages, cube.before, cube.stretches, cube.others]) side.delete(cell);
}

/** Works out what is reached by each day for everything: over time, then up the tree. */
export function sumAll(cube: FactCube): void {
  for (let slot = 0; slot < cube.slots; slot++) sumSlot(cube, slot);
}

function sumSlot(cube: FactCube, slot: number): void {
  for (let day = 0; day < cube.days; day++) sumDay(cube, slot, day);
  if (!cube.adds[slot]) return;
  divide(cube, slot);
  upTheTree(cube, slot, gatesOf(cube, slot));
}

/** One day of one indicator for all units, from the day before: the arrays are read as they lie. */
function sumDay(cube: FactCube, slot: number, day: number): void {
  const { reportedN, reportedD, numerators, denominators, rows } = cube;
  const flow = cube.flows[slot] ?? false;
  const count = cube.counts[slot] ?? false;
  const out = flow && cube.contest.excluded.has(cube.contest.start + day);
  const offset = cube.at(day, slot, 0);
  const before = offset - cube.slots * rows;
  for (let row = 0; row < rows; row++) {
    const start = day === 0 ? startOf(cube, slot, row) : null;
    let n = start ? start.n : numerators[before + row]!;
    let d = start ? start.d : denominators[before + row]!;
    const under = out ? -1 : reportedD[offset + row]!;
    if (under >= 0) {
      const base = flow ? null : baseOf(cube, slot, row);
      const adding = flow && d >= 0;
      n = (adding ? n : 0) + reportedN[offset + row]! - (base?.numerator ?? 0);
      d = count ? 1 : (adding ? d : 0) + under - (base?.denominator ?? 0);
    }
    numerators[offset + row] = n;
    denominators[offset + row] = d;
  }
}

/** What stands before the first day: the last state from before the launch; of a running total, nothing yet. */
function startOf(cube: FactCube, slot: number, row: number): { n: number; d: number } {
  const figure = cube.before.get(cube.cell(slot, row))?.figure;
  if (!figure || baseOf(cube, slot, row)) return NO_FIGURE;
  return { n: figure.numerator, d: figure.denominator };
}

/** The running total at the launch, which is taken off what comes. */
const baseOf = (cube: FactCube, slot: number, row: number) =>
  cube.before.size > 0 && cube.contest.indicators[slot]?.rule.kind === 'cumulative'
    ? cube.before.get(cube.cell(slot, row))?.figure
    : undefined;

const NO_FIGURE = { n: 0, d: -1 };

/** The same for one unit's cell after a change, without touching the rest of the cube. */
export function sumAgain(cube: FactCube, slot: number, row: number): void {
  // Where units were merged or split, what one reports moves others beside those above it.
  if (cube.contest.passages.length > 0) return sumSlot(cube, slot);
  const own = ownFigures(cube, slot, row);
  if (!cube.adds[slot]) return write(cube, slot, row, own);
  const path: number[] = [];
  for (let up = row; up >= 0 && path.length < cube.rows; up = cube.above[up] ?? -1) path.push(up);
  const children = childrenOf(cube);
  for (const node of path) {
    const base = node === row ? own : ownFigures(cube, slot, node);
    for (const child of children[node] ?? []) addInto(cube, slot, child, base);
    write(cube, slot, node, base);
  }
}

interface Figures {
  readonly n: Float64Array;
  readonly d: Float64Array;
}

/** Children stand after their parents, so one pass from the end adds every subtree. */
function upTheTree(cube: FactCube, slot: number, gates: Gates | null): void {
  const { numerators, denominators, rows, above } = cube;
  if (gates) closeOwn(cube, slot, gates);
  const count = cube.counts[slot] ?? false;
  for (let day = 0; day < cube.days; day++) {
    const offset = (day * cube.slots + slot) * rows;
    for (let row = rows - 1; row > 0; row--) {
      const up = above[row]!;
      const d = denominators[offset + row]!;
      if (up < 0 || d < 0) continue;
      if (gates && (day < gates.upFrom[row]! || day >= gates.upUntil[row]!)) continue;
      const own = denominators[offset + up]!;
      numerators[offset + up] = (own < 0 ? 0 : numerators[offset + up]!) + numerators[offset + row]!;
      denominators[offset + up] = count ? 1 : (own < 0 ? 0 : own) + d;
    }
  }
}

/** A state that others have said anew is no longer the unit's own. */
function closeOwn(cube: FactCube, slot: number, { ownUntil }: Gates): void {
  ownUntil.forEach((until, row) => {
    for (let day = Math.max(0, until); day < cube.days; day++)
      cube.denominators[cube.at(day, slot, row)] = -1;
  });
}

/** One unit's own figures by day, without its parts. */
function ownFigures(cube: FactCube, slot: number, row: number): Figures {
  const figures = { n: new Float64Array(cube.days), d: new Float64Array(cube.days) };
  const flow = cube.flows[slot] ?? false;
  const base = flow ? null : baseOf(cube, slot, row);
  let { n, d } = startOf(cube, slot, row);
  for (let day = 0; day < cube.days; day++) {
    const at = cube.at(day, slot, row);
    const under = flow && cube.contest.excluded.has(cube.contest.start + day) ? -1 : cube.reportedD[at]!;
    if (under >= 0) {
      const adding = flow && d >= 0;
      n = (adding ? n : 0) + cube.reportedN[at]! - (base?.numerator ?? 0);
      d = cube.counts[slot] ? 1 : (adding ? d : 0) + under - (base?.denominator ?? 0);
    }
    figures.n[day] = n;
    figures.d[day] = d;
  }
  return figures;
}

function write(cube: FactCube, slot: number, row: number, { n, d }: Figures): void {
  for (let day = 0; day < cube.days; day++) {
    cube.numerators[cube.at(day, slot, row)] = n[day]!;
    cube.denominators[cube.at(day, slot, row)] = d[day]!;
  }
}

function addInto(cube: FactCube, slot: number, child: number, { n, d }: Figures): void {
  for (let day = 0; day < cube.days; day++) {
    const at = cube.at(day, slot, child);
    const under = cube.denominators[at]!;
    if (under < 0) continue;
    const own = d[day]!;
    n[day] = (own < 0 ? 0 : n[day]!) + cube.numerators[at]!;
    d[day] = cube.counts[slot] ? 1 : (own < 0 ? 0 : own) + under;
  }
}

const families = new WeakMap<FactCube, number[][]>();

/** Rows below each row, found once per cube. */
function childrenOf(cube: FactCube): number[][] {
  const known = families.get(cube);
  if (known) return known;
  const children: number[][] = Array.from({ length: cube.rows }, () => []);
  cube.above.forEach((up, row) => up >= 0 && children[up]?.push(row));
  families.set(cube, children);
  return children;
}

function placePercentage(
  cube: FactCube,
  cell: number,
  day: number,
  { numerator, denominator }: CubeFact,
): boolean {
  const days = cube.percentages.get(cell) ?? new Map<number, { numerator: number; denominator: number }>();
  cube.percentages.set(cell, days.set(Math.max(0, day), { numerator, denominator }));
  return true;
}

function placeBefore(cube: FactCube, cell: number, day: number, fact: CubeFact): boolean {
  const known = cube.before.get(cell);
  if (cube.flows[fact.slot] || (known && known.day > day)) return false;
  const { numerator, denominator } = fact;
  cube.before.set(cell, { day, figure: { numerator, denominator } });
  return true;
}

function overlaps(cube: FactCube, fact: CubeFact): boolean {
  const stretches = cube.stretches.get(cube.cell(fact.slot, fact.row)) ?? [];
  if (stretches.some((other) => other.from < fact.until && other.until > fact.from)) return true;
  if (fact.until - fact.from === 1) return false;
  for (let day = fact.from; day < fact.until; day++)
    if ((cube.reportedD[cube.at(day, fact.slot, fact.row)] ?? -1) >= 0) return true;
  return false;
}
