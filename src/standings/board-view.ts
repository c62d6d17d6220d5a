import { addDays, numberOfDay } from '../rules/calendar/day.js';
import { meets } from '../rules/scoring/curve.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { rateText } from '../rules/scoring/explanation.js';
import { compare, fraction, MILLION } from '../rules/scoring/fraction.js';
import { expectedOn } from '../rules/scoring/pace.js';
import { bandOf } from '../rules/scoring/plan.js';
import { scoreOf, type Part, type Score } from '../rules/scoring/score.js';
import { entriesOf, withTarget } from '../rules/scoring/standings.js';
import { isByPlace, matches, movedBy, ordered, type Order, type Sortable } from './board-order.js';
import { cellKey, type ContestIndicator } from './contest.js';
import type { Cut } from './cut.js';
import type { Change } from './published-places.js';
import { pathOf } from './target-path.js';

/** One row of a board, ready to be written. */
export interface BoardRow {
  readonly unit: number;
  readonly code: string;
  readonly name: string;
  readonly place: number | null;
  readonly shared: number;
  readonly score: string;
  readonly progress: string | null;
  readonly progressPlace: number | null;
  readonly unranked: Score['unranked'];
  readonly band: string | null;
  readonly targetsMet: number;
  readonly cells: readonly CellView[];
  /** Scores of the days so far; gaps where it had no place. */
  readonly trail: readonly (string | null)[];
}

export interface CellView {
  readonly indicator: string;
  readonly text: string | null;
  readonly share: boolean;
  readonly state: string;
  readonly policy: string | null;
  readonly points: string;
  readonly weight: string;
  /** good: target met; watch: on its path; late: behind it; off: no figure that counts. */
  readonly look: 'good' | 'watch' | 'late' | 'off' | 'info';
  readonly numerator: number | null;
  readonly denominator: number | null;
}

export interface Listed {
  readonly rows: readonly BoardRow[];
  readonly total: number;
  readonly ranked: number;
}

export interface Wanted {
  readonly group: string;
  readonly day: number;
  readonly order: Order;
  readonly changes?: ReadonlyMap<number, Change> | null;
  readonly query: string;
  readonly from: number;
  readonly size: number;
}

/** A stretch of one group's board. Places come for all from the arrays; details are worked out for the rows shown. */
export function boardRows(cut: Cut, wanted: Wanted): Listed {
  const group = cut.planOn(wanted.day).groups.find(({ code }) => code === wanted.group);
  if (!group) return { rows: [], total: 0, ranked: 0 };
  const { by } = wanted.order;
  const { ranks } = cut.places(wanted.day)[by];
  const placeOf = (unit: number) => ranks[cut.cube.rowOf(unit)] || FAR;
  const sharing = new Map<number, number>();
  for (const place of group.units.map(placeOf)) sharing.set(place, (sharing.get(place) ?? 0) + 1);
  const totals = cut.totals(group.code, wanted.day);
  const found = byName(cut, wanted);
  const listed = isByPlace(wanted.order)
    ? byPlace(found, placeOf)
    : ordered(found, wanted.order, (unit) => sortableOf(cut, wanted, { unit, group, totals }));
  const rows = listed
    .slice(wanted.from, wanted.from + wanted.size)
    .map((unit) => rowOf(cut, { day: wanted.day, unit, group, totals, by, sharing }));
  return { rows, total: found.length, ranked: group.units.length - (sharing.get(FAR) ?? 0) };
}

/** More than any place, and more than any group has members. */
const FAR = 2 ** 20;
const VIETNAMESE = new Intl.Collator('vi');
const alphabets = new WeakMap<Cut['contest'], Map<string, readonly number[]>>();

/** Who of a group takes part on the day and has such a name, in the order of the names, which is found once. */
function byName(cut: Cut, { group, day, query }: Wanted): readonly number[] {
  const { contest } = cut;
  const known = alphabets.get(contest) ?? new Map<string, readonly number[]>();
  const name = (unit: number) => contest.units.get(unit)?.name ?? '';
  const all =
    known.get(group) ??
    (contest.plan.groups.find(({ code }) => code === group)?.units ?? []).toSorted((a, b) =>
      VIETNAMESE.compare(name(a), name(b)),
    );
  alphabets.set(contest, known.set(group, all));
  return all.filter((unit) => cut.takesPart(unit, day) && matches(name(unit), query));
}

/** Of units in the order of their names: place, then name, as whole numbers, which sort many times faster than pairs. */
const byPlace = (units: readonly number[], placeOf: (unit: number) => number): number[] =>
  Array.from(
    Float64Array.from(units, (unit, index) => placeOf(unit) * FAR + index).sort(),
    (key) => units[key % FAR] ?? 0,
  );

/** From the arrays of the day; figures of indicators only where somebody sorts by them. */
function sortableOf(
  cut: Cut,
  { day, order, changes }: Wanted,
  { unit, group, totals }: Pick<Asked, 'unit' | 'group' | 'totals'>,
): Sortable {
  const { level, progress } = cut.places(day);
  const [own, other] = order.by === 'level' ? [level, progress] : [progress, level];
  const row = cut.cube.rowOf(unit);
  const known = (value: number | undefined) => (value === undefined || value < 0 ? null : value);
  return {
    name: cut.contest.units.get(unit)?.name ?? '',
    place: own.ranks[row] || null,
    score: known(own.scores[row]),
    other: order.by === 'level' ? other.ranks[row] || null : known(other.scores[row]),
    change: movedBy(changes?.get(unit)),
    rate: (code) => {
      const { plan } = cut.contest;
      const { parts } = scoreOf(plan, entriesOf(plan, group, totals, cut.contestant(unit, day)));
      const shown = parts.find(({ indicator }) => indicator === code)?.cell.shown;
      return shown?.denominator ? shown.numerator / shown.denominator : null;
    },
  };
}

type Totals = ReturnType<Cut['totals']>;
interface Asked {
  readonly day: number;
  readonly unit: number;
  readonly group: Cut['contest']['plan']['groups'][number];
  readonly totals: Totals;
  readonly by: 'level' | 'progress';
  /** How many stand on each place. */
  readonly sharing: ReadonlyMap<number, number>;
}

function rowOf(cut: Cut, { day, unit, group, totals, by, sharing }: Asked): BoardRow {
  const { plan, units } = cut.contest;
  const contestant = cut.contestant(unit, day);
  const score = scoreOf(plan, entriesOf(plan, group, totals, contestant), contestant.adjustments);
  const { level, progress } = cut.places(day);
  const row = cut.cube.rowOf(unit);
  const places = by === 'level' ? level : progress;
  const place = places.ranks[row] || null;
  const cells = score.parts.map((part) => cellOf(cut, unit, day, part));
  return {
    unit,
    code: units.get(unit)?.code ?? '',
    name: units.get(unit)?.name ?? '',
    place,
    shared: place === null ? -1 : (sharing.get(place) ?? 1) - 1,
    score: decimalOf(score.published, plan.decimals),
    progress: (progress.scores[row] ?? -1) < 0 ? null : decimalOf(progress.scores[row] ?? 0, plan.decimals),
    progressPlace: progress.ranks[row] || null,
    unranked: score.unranked,
    band: score.ranked ? (bandOf(plan.bands, score.published)?.code ?? null) : null,
    targetsMet: cells.filter(({ look }) => look === 'good').length,
    cells,
    trail: trailOf(cut, group.code, unit, day),
  };
}

/** A cell as it is shown: the raw rate, its state in a word, and how it stands to its target and path. */
export function cellOf(cut: Cut, unit: number, day: number, part: Part): CellView {
  const indicator = cut.contest.indicators.find(({ code }) => code === part.indicator);
  const { shown, state, policy } = part.cell;
  return {
    indicator: part.indicator,
    text: indicator && shown ? rateText(indicator.rule, shown) : null,
    share: indicator?.rule.measure === 'share',
    state,
    policy,
    points: decimalOf(part.earned, 2),
    weight: decimalOf(part.weight, 2),
    look: indicator ? lookOf(cut, indicator, unit, day, part) : 'off',
    numerator: shown?.numerator ?? null,
    denominator: shown?.denominator ?? null,
  };
}

function lookOf(
  cut: Cut,
  indicator: ContestIndicator,
  unit: number,
  day: number,
  part: Part,
): CellView['look'] {
  const { shown, state } = part.cell;
  const { target } = withTarget(indicator.rule, cut.contest.targets.get(cellKey(unit, indicator.code)));
  if (state === 'missing' || state === 'refused') return 'late';
  if (!shown || shown.denominator === 0) return 'off';
  if (!target) return 'info';
  if (meets(target, shown)) return 'good';
  const path = pathOf(indicator, target, cut.contest.start, cut.baseline(unit, indicator.code));
  const expected = fraction(expectedOn(path, cut.contest.start + day), MILLION);
  const ahead = compare(shown, expected) * (indicator.rule.direction === 'higher' ? 1 : -1) >= 0;
  return ahead ? 'watch' : 'late';
}

function trailOf(cut: Cut, group: string, unit: number, day: number): (string | null)[] {
  const step = Math.max(1, Math.ceil((day + 1) / 46));
  const days = Array.from(
    { length: Math.floor(day / step) + 1 },
    (_, index) => day - index * step,
  ).toReversed();
  return cut
    .scores(group, unit, days)
    .map((score) => (score < 0 ? null : decimalOf(score, cut.contest.plan.decimals)));
}

export const dayNumberOf = (cut: Cut, on: string): number => numberOfDay(on) - cut.contest.start;
export const dayTextOf = (cut: Cut, day: number): string => addDays(cut.contest.startsOn, day);
