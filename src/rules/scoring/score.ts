import { compare, timesOver, type Fraction } from './fraction.js';
import type { Points } from './curve.js';
import type { Cell } from './treatment.js';
import { roundedTo } from './decimal.js';

/** One indicator of one unit, ready to be summed. */
export interface Entry {
  readonly indicator: string;
  readonly section: string;
  /** Points it can bring in this unit's group, in millionths. */
  readonly weight: number;
  readonly points: Points;
  readonly cell: Cell;
}

export interface Part extends Entry {
  /** Points earned, in millionths of the plan's scale, before the weights of exempt cells are scaled away. */
  readonly earned: number;
  /** The weight this cell was scored with: its own, plus what was spread over it. */
  readonly counted: number;
}

/** Bonus and penalty points, each with a reason that is printed. */
export interface Adjustment {
  readonly points: number;
  readonly reason: string;
}

export interface Score {
  /** In millionths, half-up from the exact quotient. */
  readonly exact: number;
  /** Rounded half-up to the plan's places; this is what is printed and ranked. */
  readonly published: number;
  readonly earned: number;
  readonly applicable: number;
  readonly adjusted: number;
  readonly ranked: boolean;
  /** Why a unit is listed without a place. */
  readonly unranked: 'nothing-applicable' | 'too-little-applicable' | null;
  readonly parts: readonly Part[];
}

export interface ScoreRule {
  readonly total: number;
  readonly decimals: number;
  readonly minimumApplicable: Fraction;
}

/**
 * The composite score: total × Σ points / Σ weights of the cells that count, plus bonus, minus penalties, never
 * below 0. A unit is ranked only when at least the plan's share of the full weight applies to it.
 */
export function scoreOf(
  rule: ScoreRule,
  entries: readonly Entry[],
  adjustments: readonly Adjustment[] = [],
): Score {
  const givers = entries.filter(({ cell }) => cell.treatment.by === 'spread');
  const parts = entries.map((entry) => partOf(entry, entries, givers));
  const earned = sum(parts.map((part) => part.earned));
  const applicable = sum(parts.map((part) => part.counted));
  const adjusted = sum(adjustments.map(({ points }) => points));
  const exact = Math.max(0, scaled(rule.total, earned, applicable) + adjusted);
  const unranked = whyUnranked(rule, applicable, sum(entries.map(({ weight }) => weight)));
  const published = roundedTo(exact, rule.decimals);
  return { exact, published, earned, applicable, adjusted, ranked: unranked === null, unranked, parts };
}

/** total × earned / applicable, half-up; nothing applicable earns nothing. */
export const scaled = (total: number, earned: number, applicable: number): number =>
  applicable === total ? earned : applicable === 0 ? 0 : timesOver(total, earned, applicable);

/** Is enough of the weight applicable for a place? */
export function whyUnranked(rule: ScoreRule, applicable: number, full: number): Score['unranked'] {
  if (applicable === 0) return 'nothing-applicable';
  const share = { numerator: applicable, denominator: full };
  return compare(share, rule.minimumApplicable) < 0 ? 'too-little-applicable' : null;
}

/** A cell's own points, carried up by the weight that absent neighbours of its section leave it. */
function partOf(entry: Entry, all: readonly Entry[], givers: readonly Entry[]): Part {
  const own = ownPoints(entry);
  if (own === null) return { ...entry, earned: 0, counted: 0 };
  const gained = sum(givers.map((giver) => spreadFrom(giver, all, entry)));
  const counted = entry.weight + gained;
  return { ...entry, counted, earned: gained === 0 ? own : timesOver(own, counted, entry.weight) };
}

function ownPoints({ cell, weight, points }: Entry): number | null {
  const { treatment } = cell;
  if (treatment.by === 'rate') return points(treatment.rate.numerator, treatment.rate.denominator);
  if (treatment.by === 'full') return weight;
  return treatment.by === 'zero' ? 0 : null;
}

/** The part of `giver`'s weight that falls to `taker`; with nobody to take it, the giver is simply exempt. */
function spreadFrom(giver: Entry, all: readonly Entry[], taker: Entry): number {
  const takers = all.filter(
    (entry) =>
      entry.section === giver.section &&
      entry.weight > 0 &&
      !['spread', 'exempt'].includes(entry.cell.treatment.by),
  );
  const place = takers.indexOf(taker);
  if (place < 0) return 0;
  // Whole millionths: the first takers get the odd ones, so that nothing is lost.
  const [each, odd] = [Math.floor(giver.weight / takers.length), giver.weight % takers.length];
  return each + (place < odd ? 1 : 0);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
