import { pooled, type Fraction } from './fraction.js';

/**
 * - `flow` adds over time and up the tree (dossiers received today, of which online);
 * - `stock` is the last figure on or before the day, and adds up the tree (communes that have a digital team);
 * - `cumulative` is a running total, of which the increments are taken, and they add;
 * - `distinct` is counted anew for each window and level and never adds (procedures with an online dossier);
 * - `level` is judged (12,66 of 15 points): the last one, of the unit itself;
 * - `task` is a share of tasks done: the last one, of the unit itself.
 */
export const FACT_KINDS = ['flow', 'stock', 'cumulative', 'distinct', 'level', 'task'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Calendar days as whole numbers, counted from 1970-01-01; half-open, so a window of one day is `[d, d + 1)`. */
export interface DayWindow {
  readonly from: number;
  readonly until: number;
}

/** One reading that counts: what a unit reported for a day, or for a window of days. */
export interface Fact extends DayWindow, Fraction {}

export const addsUpTheTree = (kind: FactKind): boolean =>
  kind === 'flow' || kind === 'stock' || kind === 'cumulative';

/** A reading of these kinds is the state at its last day; it does not wear out at the window's edge. */
export const isState = (kind: FactKind): boolean => kind === 'stock' || kind === 'level' || kind === 'task';

export type Sum =
  | { readonly counts: Fraction; readonly used: readonly Fact[] }
  | { readonly counts: null; readonly why: 'missing' | 'straddles-window' | 'not-additive' | 'falling' };

/**
 * One unit's figure for a free window of days. A flow reported for a window that only partly lies inside cannot be
 * cut (`straddles-window`); a distinct count exists only for exactly the window it was counted for; a running total
 * gives its increment, which must not fall (`falling`). Nothing reported is `missing`, never 0.
 */
export function overTime(kind: FactKind, facts: readonly Fact[], window: DayWindow): Sum {
  if (kind === 'flow') return addedFlows(facts, window);
  if (kind === 'cumulative') return increment(facts, window);
  if (kind === 'distinct') return countedFor(facts, window);
  const used = lastBefore(facts, window.until);
  return used ? { counts: used, used: [used] } : { counts: null, why: 'missing' };
}

/** The parts' figures as the whole's: added where the kind adds, refused where it must not. */
export function upTheTree(kind: FactKind, parts: readonly Fraction[]): Fraction | null {
  return addsUpTheTree(kind) && parts.length > 0 ? pooled(parts) : null;
}

/** Running totals as increments, day by day; `falling` names the totals that are below their predecessor. */
export function increments(totals: readonly Fact[]): { steps: Fact[]; falling: Fact[] } {
  const falling: Fact[] = [];
  let [numerator, denominator] = [0, 0];
  const steps = byDay(totals).map((total) => {
    if (total.numerator < numerator || total.denominator < denominator) falling.push(total);
    const step = {
      ...total,
      numerator: total.numerator - numerator,
      denominator: total.denominator - denominator,
    };
    [numerator, denominator] = [total.numerator, total.denominator];
    return step;
  });
  return { steps, falling };
}

function addedFlows(facts: readonly Fact[], window: DayWindow): Sum {
  const touching = facts.filter((fact) => fact.until > window.from && fact.from < window.until);
  if (touching.length === 0) return { counts: null, why: 'missing' };
  if (touching.some((fact) => fact.from < window.from || fact.until > window.until))
    return { counts: null, why: 'straddles-window' };
  return { counts: pooled(touching), used: touching };
}

function increment(facts: readonly Fact[], window: DayWindow): Sum {
  const end = lastBefore(facts, window.until);
  if (!end || end.until <= window.from) return { counts: null, why: 'missing' };
  const start = lastBefore(facts, window.from);
  const numerator = end.numerator - (start?.numerator ?? 0);
  const denominator = end.denominator - (start?.denominator ?? 0);
  if (numerator < 0 || denominator < 0) return { counts: null, why: 'falling' };
  return { counts: { numerator, denominator }, used: start ? [start, end] : [end] };
}

function countedFor(facts: readonly Fact[], window: DayWindow): Sum {
  const own = facts.find((fact) => fact.from === window.from && fact.until === window.until);
  if (own) return { counts: own, used: [own] };
  return { counts: null, why: facts.length > 0 ? 'not-additive' : 'missing' };
}

const lastBefore = (facts: readonly Fact[], day: number): Fact | undefined =>
  byDay(facts).findLast((fact) => fact.until <= day);

const byDay = (facts: readonly Fact[]) => facts.toSorted((a, b) => a.until - b.until || a.from - b.from);
