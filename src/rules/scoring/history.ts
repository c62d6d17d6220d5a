import { laneOf, type Background, type Cube, type Lane } from './lane.js';
import { roundedTo } from './decimal.js';
import { inOrder, keyOf, levelIn, memberIn } from './ordering.js';
import { ranksOf } from './rank.js';
import { scaled, scoreOf } from './score.js';
import { entriesOf, targetsMet, tieKeyOf } from './standings.js';
import type { Plan } from './plan.js';

/** Published scores in millionths (−1: listed without a place) and places (0: none), `[(day − from) · rows + row]`. */
export interface History {
  readonly from: number;
  readonly scores: Float64Array;
  readonly ranks: Uint16Array;
}

/**
 * Scores and places of every unit on every day: the figures of `standingsOf`, day by day, made fast enough for a
 * nation. A unit all of whose cells are ordinary is summed straight from the arrays in whole numbers; one odd cell
 * sends the unit through the full rules.
 */
export function historyOf(
  plan: Plan,
  cube: Cube,
  background: Background,
  days: { readonly from: number; readonly until: number } = { from: 0, until: cube.days },
  lanes: readonly Lane[] = lanesOf(plan, cube, background),
): History {
  const size = (days.until - days.from) * cube.rows;
  const history = { from: days.from, scores: new Float64Array(size).fill(-1), ranks: new Uint16Array(size) };
  for (const lane of lanes) {
    for (let day = days.from; day < days.until; day++) {
      sumDay(lane, day);
      scoreDay(lane, day, history);
      rankDay(lane, day, history);
    }
  }
  return history;
}

/** Every group made ready; they may be kept for as long as plan and decisions stand, while the figures move. */
export const lanesOf = (plan: Plan, cube: Cube, background: Background): Lane[] =>
  plan.groups.map((group) => laneOf(plan, group, cube, background));

/** One unit's published score on one day, −1 without a place: the same figure as in the history, without the other units. */
export const scoreOn = (lane: Lane, unit: number, day: number): number =>
  ownScoreOn(lane, unit, day) ?? scoreOdd(lane, lane.memberOf.get(unit) ?? 0, day);

/** The same out of the unit's own figures alone; `null` where an odd cell sends it through the full rules, which ask the group. */
export function ownScoreOn(lane: Lane, unit: number, day: number): number | null {
  const member = lane.memberOf.get(unit) ?? -1;
  const row = lane.rows[member];
  if (row === undefined) return -1;
  if (lane.exempt[member] === 1) return null;
  let sum = 0;
  for (const { indicator, slot, points } of lane.tracks) {
    const at = (day * lane.plan.indicators.length + slot) * lane.cube.rows + row;
    const n = lane.cube.numerators[at] ?? 0;
    const d = lane.cube.denominators[at] ?? -1;
    const share = indicator.measure !== 'quotient';
    if (d < Math.max(1, indicator.minimumCases) || n < 0 || (share && n > d)) return null;
    sum += points(member)(n, d);
  }
  return publishedOf(lane, unit, day, sum);
}

/** Adds up the ordinary cells of one day; the units with an odd one are marked. */
function sumDay(lane: Lane, day: number): void {
  lane.sums.fill(0);
  lane.met.fill(0);
  lane.odd.fill(0);
  lane.tracks.forEach((track, index) => {
    const offset = (day * lane.plan.indicators.length + track.slot) * lane.cube.rows;
    if (track.line) sumLine(lane, index, offset);
    else sumCurve(lane, index, offset);
  });
}

/**
 * The common case, written out: threshold curves of shares. Half-up is ⌊(2a + c) / 2c⌋, and the floor of a quotient of whole
 * numbers below 2^52 is exact in doubles: the next whole number is further away than the rounding of the division reaches.
 */
function sumLine(lane: Lane, index: number, offset: number): void {
  const { rows, sums, met, odd, cube } = lane;
  const { numerators, denominators } = cube;
  const track = lane.tracks[index];
  if (!track?.line) return;
  const { full, up, down, reachN, reachD, most } = track.line;
  const [twiceUp, twiceDown] = [2 * up, 2 * down];
  const least = Math.max(1, track.indicator.minimumCases);
  for (let member = 0; member < rows.length; member++) {
    const at = offset + rows[member]!;
    const n = numerators[at]!;
    const d = denominators[at]!;
    if (d < least || n > d || n < 0 || d > most) {
      odd[member] = 1;
    } else if (n * reachN >= d * reachD) {
      sums[member]! += full;
      met[member]! += 1;
    } else sums[member]! += Math.floor((n * twiceUp + d * down) / (d * twiceDown));
  }
}

function sumCurve(lane: Lane, index: number, offset: number): void {
  const { rows, sums, met, odd, cube } = lane;
  const track = lane.tracks[index];
  if (!track) return;
  const least = Math.max(1, track.indicator.minimumCases);
  const share = track.indicator.measure !== 'quotient';
  for (let member = 0; member < rows.length; member++) {
    const n = cube.numerators[offset + rows[member]!]!;
    const d = cube.denominators[offset + rows[member]!]!;
    if (d < least || n < 0 || (share && n > d)) odd[member] = 1;
    else {
      sums[member]! += track.points(member)(n, d);
      if (track.meets(member)(n, d)) met[member]! += 1;
    }
  }
}

function scoreDay(lane: Lane, day: number, { from, scores }: History): void {
  const { group, cube, rows, sums, odd } = lane;
  const { plan, weight, background, exempt } = lane;
  const plain = weight === plan.total && !background.adjusts;
  const { unit } = lane;
  for (let member = 0; member < rows.length; member++) {
    const at = (day - from) * cube.rows + rows[member]!;
    if (odd[member] === 1 || exempt[member] === 1) scores[at] = scoreOdd(lane, member, day);
    else if (plain) scores[at] = Math.floor((2 * sums[member]! + unit) / (2 * unit)) * unit;
    else scores[at] = publishedOf(lane, group.units[member] ?? 0, day, sums[member]!);
  }
}

function publishedOf({ plan, weight, background }: Lane, unit: number, day: number, sum: number): number {
  return roundedTo(
    Math.max(0, scaled(plan.total, sum, weight) + background.adjusted(unit, day)),
    plan.decimals,
  );
}

function scoreOdd(lane: Lane, member: number, day: number): number {
  const { plan, group, background } = lane;
  const contestant = background.contestant(group.units[member] ?? 0, day);
  const score = scoreOf(plan, entriesOf(plan, group, lane.totals(day), contestant), contestant.adjustments);
  lane.met[member] = targetsMet(plan, score, contestant);
  return score.ranked ? score.published : -1;
}

/** Score, then targets met, packed into one whole number with the member's place in the list. */
function rankDay(lane: Lane, day: number, history: History): void {
  const { rows, met, packsTargets, cube } = lane;
  const { keys } = lane.ordering;
  const offset = (day - history.from) * cube.rows;
  let ranked = 0;
  for (let member = 0; member < rows.length; member++) {
    const score = history.scores[offset + rows[member]!]!;
    if (score >= 0) {
      const tie = packsTargets ? met[member]! : 0;
      keys[ranked++] = keyOf(score / lane.unit, tie, member);
    }
  }
  const sorted = inOrder(lane.ordering, ranked);
  if (lane.furtherTies.length > 0) return rankRuns(lane, day, offset, sorted, history.ranks);
  const dense = lane.plan.ranking === 'dense';
  let [rank, runs, last] = [0, 0, NaN];
  for (let index = 0; index < ranked; index++) {
    const key = levelIn(sorted[index]!);
    if (key !== last) {
      last = key;
      runs++;
      rank = dense ? runs : index + 1;
    }
    history.ranks[offset + rows[memberIn(sorted[index]!, key)]!] = rank;
  }
}

/** The same where a longer tie chain has to be asked. */
function rankRuns(lane: Lane, day: number, offset: number, sorted: Float64Array, ranks: Uint16Array): void {
  let dense = 0;
  for (let from = 0; from < sorted.length;) {
    const key = levelIn(sorted[from]!);
    let until = from + 1;
    while (until < sorted.length && levelIn(sorted[until]!) === key) until++;
    dense = placeRun(lane, { day, offset, sorted, from, until, key, dense }, ranks);
    from = until;
  }
}

interface Run {
  readonly day: number;
  readonly offset: number;
  readonly sorted: Float64Array;
  readonly from: number;
  readonly until: number;
  readonly key: number;
  readonly dense: number;
}

/** Gives the places of a run of equal keys; a longer tie chain is asked only here. Returns the last dense place. */
function placeRun(lane: Lane, run: Run, ranks: Uint16Array): number {
  const { plan, rows } = lane;
  const memberAt = (index: number) => memberIn(run.sorted[index]!, run.key);
  const dense = plan.ranking === 'dense';
  if (run.until - run.from === 1) {
    for (let index = run.from; index < run.until; index++)
      ranks[run.offset + rows[memberAt(index)]!] = dense ? run.dense + 1 : run.from + 1;
    return run.dense + 1;
  }
  const contenders = Array.from({ length: run.until - run.from }, (_, index) => {
    const member = memberAt(run.from + index);
    return { unit: member, score: 0, ranked: true, keys: furtherKeys(lane, run.day, member) };
  });
  const places = ranksOf(contenders, plan.ranking);
  for (const { unit: member, rank } of places)
    ranks[run.offset + rows[member]!] = (dense ? run.dense : run.from) + (rank ?? 0);
  return run.dense + Math.max(...places.map(({ rank }) => rank ?? 0));
}

function furtherKeys(lane: Lane, day: number, member: number): number[] {
  const { plan, group, background } = lane;
  const contestant = background.contestant(group.units[member] ?? 0, day);
  return lane.furtherTies.map((tie) => tieKeyOf(plan, group, lane.totals(day), contestant, tie));
}
