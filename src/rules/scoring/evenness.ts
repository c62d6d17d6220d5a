import { compare, lowest, millionthsOf, pooled, timesOver, type Fraction } from './fraction.js';
import { meets } from './curve.js';
import type { Target } from './plan.js';

/** A part of a unit (a commune of a district) with its own rate. */
export interface Member {
  readonly unit: number;
  readonly rate: Fraction;
}

export interface Evenness {
  readonly whole: Fraction;
  readonly lowest: Fraction;
  readonly quartiles: readonly [Fraction, Fraction, Fraction];
  readonly highest: Fraction;
  readonly atTarget: number;
  readonly withCases: number;
  readonly pulls: readonly Pull[];
}

export interface Pull {
  readonly unit: number;
  readonly rate: Fraction;
  /** d_i / D · (r_i − T) in millionths of the whole: the pulls add up to R − T, but for the rounding of each. */
  readonly pull: number;
  /** Cases this part lacks to the target by itself. */
  readonly needed: number;
}

/**
 * How even a unit is inside: lowest, quartiles (the value at rank ⌈q·k⌉, always one that exists), how many parts are
 * at the target, and how much each pulls the whole away from it, the heaviest first. `null` without any cases.
 */
export function evennessOf(members: readonly Member[], target: Target): Evenness | null {
  const counting = members.filter(({ rate }) => rate.denominator > 0);
  const order = counting.map(({ rate }) => rate).toSorted(compare);
  const [first, last] = [order[0], order.at(-1)];
  if (!first || !last) return null;
  const whole = pooled(order);
  const at = (quarter: number) => order[Math.ceil((quarter * order.length) / 4) - 1] ?? last;
  const pulls = counting
    .map(({ unit, rate }) => ({
      unit,
      rate,
      pull: pullOf(rate, whole.denominator, target.value),
      needed: casesNeeded(rate, target),
    }))
    .toSorted((a, b) => a.pull - b.pull || a.unit - b.unit);
  return {
    whole,
    lowest: first,
    quartiles: [at(1), at(2), at(3)],
    highest: last,
    atTarget: counting.filter(({ rate }) => meets(target, rate)).length,
    withCases: counting.length,
    pulls,
  };
}

/** d/D · (n/d − T) = (n·Td − d·Tn) / (D·Td), in millionths, half-up. */
function pullOf(rate: Fraction, whole: number, target: Fraction): number {
  const { numerator: tn, denominator: td } = lowest(target);
  return timesOver(rate.numerator * td - rate.denominator * tn, 1_000_000, whole * td);
}

/**
 * How many more good cases a rate lacks, its denominator unchanged: the smallest whole number with (n + x) / d at the
 * target; for lower-is-better, how many too many there are. 0 when the target is met.
 */
export function casesNeeded(rate: Fraction, target: Target): number {
  const { numerator: tn, denominator: td } = lowest(target.value);
  const limit = rate.denominator * tn;
  const higher = target.operator !== '<=' && target.operator !== '<';
  const strict = target.operator === '>' || target.operator === '<';
  if (higher)
    return Math.max(0, (strict ? Math.floor(limit / td) + 1 : Math.ceil(limit / td)) - rate.numerator);
  return Math.max(0, rate.numerator - (strict ? Math.ceil(limit / td) - 1 : Math.floor(limit / td)));
}

/** T − R in millionths: how far below (or, negative, above) its target a rate stands. */
export const shortfall = (rate: Fraction, target: Fraction): number =>
  millionthsOf(target) - millionthsOf(rate);
