import { meets, pointsOn, type Points } from './curve.js';
import { pooled, type Fraction } from './fraction.js';
import { bandOf, type Group, type Indicator, type Plan, type TieBreak } from './plan.js';
import { progressOn } from './progress.js';
import { ranksOf, type Contender, type Place } from './rank.js';
import { scoreOf, type Adjustment, type Entry, type Score } from './score.js';
import { cellOf, stateOf, type Evidence } from './treatment.js';

/** Everything the score of one unit is made of. */
export interface Contestant {
  readonly unit: number;
  /** By indicator code; what is not there was not reported. */
  readonly evidence: Readonly<Record<string, Evidence>>;
  /** The unit's own rates before the launch. */
  readonly baseline: Readonly<Record<string, Fraction | null>>;
  /** Its own targets, where they differ from the indicator's. */
  readonly targets?: Readonly<Record<string, Fraction>>;
  readonly adjustments?: readonly Adjustment[];
  /** The day since which it has had as many targets met as it has now; decides the tie-break `target-met-first`. */
  readonly targetsMetSince?: number | null;
}

export interface Row {
  readonly unit: number;
  readonly place: Place;
  readonly score: Score;
  readonly band: string | null;
  readonly targetsMet: number;
  readonly progress: Score;
  readonly progressPlace: Place;
}

export interface GroupStandings {
  readonly group: string;
  /** Pooled figures of the group's units, by indicator: what few cases are shrunk to. */
  readonly totals: Readonly<Record<string, Fraction>>;
  /** In order of place; unranked units last. */
  readonly rows: readonly Row[];
}

export const NOTHING_REPORTED: Evidence = { counts: null, applicable: true };

/**
 * The standings of every group: a pure function of the plan and of what is known about each unit. Units of a group
 * that are not among the contestants are scored as having reported nothing.
 */
export function standingsOf(plan: Plan, contestants: ReadonlyMap<number, Contestant>): GroupStandings[] {
  return plan.groups.map((group) => {
    const members = group.units.map((unit) => contestants.get(unit) ?? { unit, evidence: {}, baseline: {} });
    const totals = totalsOf(plan, group, members);
    const rows = members.map((member) => rowOf(plan, group, totals, member));
    return { group: group.code, totals, rows: placed(plan, rows) };
  });
}

/** The pooled figure of every indicator over the units whose figure can be right. */
export function totalsOf(plan: Plan, group: Group, members: readonly Contestant[]): Record<string, Fraction> {
  const totals = counted(plan, group).map((indicator) => {
    const figures = members.flatMap(({ evidence }) => {
      const known = evidence[indicator.code] ?? NOTHING_REPORTED;
      const usable = !known.percentOnly && ['counted', 'few-cases'].includes(stateOf(indicator, known));
      return usable && known.counts ? [known.counts] : [];
    });
    return [indicator.code, pooled(figures)] as const;
  });
  return Object.fromEntries(totals);
}

/** The indicators that bring points in a group, in the plan's order. */
export const counted = (plan: Plan, group: Group): Indicator[] =>
  plan.indicators.filter(({ code }) => (group.weights[code] ?? 0) > 0);

/** One unit's entries: each cell with its state, policy and curve. */
export function entriesOf(
  plan: Plan,
  group: Group,
  totals: Readonly<Record<string, Fraction>>,
  contestant: Contestant,
  curve: (indicator: Indicator, weight: number, baseline: Fraction | null) => Points = levelOn,
): Entry[] {
  return counted(plan, group).map((indicator) => {
    const { code, section } = indicator;
    const { evidence, baseline, targets } = contestant;
    const weight = group.weights[code] ?? 0;
    const known = evidence[code] ?? NOTHING_REPORTED;
    return {
      indicator: code,
      section,
      weight,
      points: curve(withTarget(indicator, targets?.[code]), weight, baseline[code] ?? null),
      cell: cellOf(indicator, known, totals[code] ?? NO_CASES),
    };
  });
}

/** The indicator with a unit's own target in place of the common one. */
export const withTarget = (indicator: Indicator, own: Fraction | null | undefined): Indicator =>
  own && indicator.target ? { ...indicator, target: { ...indicator.target, value: own } } : indicator;

/** The level board's curve: the indicator's own. */
export const levelOn = (indicator: Indicator, weight: number, baseline: Fraction | null): Points =>
  pointsOn(indicator, weight, baseline && baseline.denominator > 0 ? baseline : undefined);

type Unplaced = Omit<Row, 'place' | 'progressPlace'> & { readonly since: number | null };

const NO_CASES: Fraction = { numerator: 0, denominator: 0 };

function rowOf(
  plan: Plan,
  group: Group,
  totals: Readonly<Record<string, Fraction>>,
  contestant: Contestant,
): Unplaced {
  const score = scoreOf(plan, entriesOf(plan, group, totals, contestant), contestant.adjustments);
  const progress = scoreOf(plan, entriesOf(plan, group, totals, contestant, progressOn));
  return {
    unit: contestant.unit,
    score,
    progress,
    band: score.ranked ? (bandOf(plan.bands, score.published)?.code ?? null) : null,
    targetsMet: targetsMet(plan, score, contestant),
    since: contestant.targetsMetSince ?? null,
  };
}

/** How many targets are met by the raw rates that are shown; a shrunken rate meets no target. */
export function targetsMet(plan: Plan, score: Score, { targets }: Pick<Contestant, 'targets'>): number {
  return score.parts.filter(({ indicator, cell }) => {
    const common = plan.indicators.find(({ code }) => code === indicator);
    const target = common && withTarget(common, targets?.[indicator]).target;
    return target && cell.shown && cell.state !== 'refused' && meets(target, cell.shown);
  }).length;
}

function placed(plan: Plan, rows: readonly Unplaced[]): Row[] {
  const level = placesBy(plan, rows, ({ score }) => score, plan.ties);
  const progress = placesBy(plan, rows, (row) => row.progress, []);
  const byUnit = new Map(rows.map((row) => [row.unit, row]));
  const progressOf = new Map(progress.map((place) => [place.unit, place]));
  return level.flatMap((place) => {
    const row = byUnit.get(place.unit);
    const progressPlace = progressOf.get(place.unit);
    if (!row || !progressPlace) return [];
    const { since: _, ...rest } = row;
    return [{ ...rest, place, progressPlace }];
  });
}

/** A unit as it enters the ranking of the level board, with figures of its own among totals that stand. */
export const contenderOf = (
  plan: Plan,
  group: Group,
  totals: Readonly<Record<string, Fraction>>,
  contestant: Contestant,
): Contender => contenderBy(plan.ties, rowOf(plan, group, totals, contestant), ({ score }) => score);

const contenderBy = (
  ties: readonly TieBreak[],
  row: Unplaced,
  scoreBy: (row: Unplaced) => Score,
): Contender => ({
  unit: row.unit,
  score: scoreBy(row).published,
  ranked: scoreBy(row).ranked,
  keys: ties.map((tie) => tieKey(tie, row)),
});

const placesBy = (
  plan: Plan,
  rows: readonly Unplaced[],
  scoreBy: (row: Unplaced) => Score,
  ties: readonly TieBreak[],
) =>
  ranksOf(
    rows.map((row) => contenderBy(ties, row, scoreBy)),
    plan.ranking,
  );

function tieKey(tie: TieBreak, row: Omit<Unplaced, 'band' | 'unit'>): number {
  if (tie === 'indicators-at-target') return row.targetsMet;
  if (tie === 'progress') return row.progress.published;
  if (tie === 'target-met-first') return -(row.since ?? NEVER);
  return row.score.parts.find(({ indicator }) => indicator === tie.indicator)?.earned ?? 0;
}

/** The key of one tie-break for one unit; higher is better. */
export const tieKeyOf = (
  plan: Plan,
  group: Group,
  totals: Readonly<Record<string, Fraction>>,
  contestant: Contestant,
  tie: TieBreak,
): number => tieKey(tie, rowOf(plan, group, totals, contestant));

const NEVER = Number.MAX_SAFE_INTEGER;
