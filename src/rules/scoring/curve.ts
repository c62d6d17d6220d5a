import {
  compare,
  greatestCommonDivisor,
  quotient,
  quotientBig,
  timesOver,
  type Fraction,
} from './fraction.js';
import type { Curve, Indicator, Step, Target } from './plan.js';

/**
 * Points of one indicator in millionths, from a rate `n / d` with `d` above 0. What can be known beforehand is
 * worked out once per indicator, weight and baseline, because a national history asks two million times.
 */
export type Points = (n: number, d: number) => number;

/** What the curve needs to know of an indicator. */
export type Curved = Pick<Indicator, 'curve' | 'direction' | 'target'>;

/**
 * The curve as a function. `weight` is in millionths; `baseline` is the unit's own rate before the launch and
 * matters to `gap-closed` only. Without a target a curve falls back to rate × weight, at most the weight.
 */
export function pointsOn({ curve, direction, target }: Curved, weight: number, baseline?: Fraction): Points {
  if (curve.kind === 'steps') return stepped(curve.steps, direction, weight);
  if (curve.kind === 'manual') return threshold(WHOLE, WHOLE, weight);
  const goal = target?.value ?? WHOLE;
  if (direction === 'lower') {
    if (curve.kind === 'gap-closed' && baseline && compare(baseline, goal) > 0)
      return gapClosed(-1, negative(baseline), negative(goal), curve.cap, weight);
    return lowerThreshold(goal, curve.cap, weight);
  }
  if (curve.kind === 'gap-closed' && compare(baseline ?? ZERO, goal) < 0)
    return gapClosed(1, baseline ?? ZERO, goal, curve.cap, weight);
  return threshold(goal, curve.cap, weight);
}

/** Is the target met, by its own operator? A rate without cases meets nothing. */
export function meets(target: Target, rate: Fraction): boolean {
  if (rate.denominator === 0) return false;
  const side = compare(rate, target.value);
  if (target.operator === '>=') return side >= 0;
  if (target.operator === '>') return side > 0;
  if (target.operator === '=') return side === 0;
  return target.operator === '<=' ? side <= 0 : side < 0;
}

/** Full points and no more, unless the plan pays a bonus. */
export const NO_BONUS: Curve = { kind: 'threshold', cap: { numerator: 1, denominator: 1 } };

const ZERO: Fraction = { numerator: 0, denominator: 1 };
const WHOLE: Fraction = { numerator: 1, denominator: 1 };
const negative = ({ numerator, denominator }: Fraction): Fraction => ({ numerator: -numerator, denominator });

/** The whole numbers of a plain threshold curve, for loops over arrays; see `lineOf`. */
export interface Line {
  readonly full: number;
  /** Points below the target are n·up / (d·down), half-up. */
  readonly up: number;
  readonly down: number;
  /** The target is reached where n·reachN ≥ d·reachD. */
  readonly reachN: number;
  readonly reachD: number;
  /** Up to this denominator, and for n ≤ d, all of these products stay exact. */
  readonly most: number;
}

/** The curve as whole numbers where it is P · min(1, R / T) with a target `≥ T`; `null` for any other. */
export function lineOf({ curve, direction, target }: Curved, weight: number): Line | null {
  if (curve.kind !== 'threshold' || direction !== 'higher' || target?.operator !== '>=') return null;
  if (curve.cap.numerator !== curve.cap.denominator || target.value.numerator <= 0) return null;
  const { numerator, denominator } = target.value;
  const [up, down] = reduced(weight, denominator, numerator);
  const [reachD, reachN] = reduced(1, numerator, denominator);
  return {
    full: weight,
    up,
    down,
    reachN,
    reachD,
    most: Math.floor(SAFE / Math.max(up, down, reachN, reachD)),
  };
}

/** P · min(cap, R / T). */
function threshold(goal: Fraction, cap: Fraction, weight: number): Points {
  const full = timesOver(weight, cap.numerator, cap.denominator);
  if (goal.numerator <= 0) return () => full;
  const [up, down] = reduced(weight, goal.denominator, goal.numerator);
  // n/d ≥ cap·T, as whole numbers: n · reachN ≥ d · reachD
  const [reachD, reachN] = reduced(cap.numerator, goal.numerator, cap.denominator * goal.denominator);
  return (n, d) => {
    const [product, under, reach, need] = [n * up, d * down, n * reachN, d * reachD];
    if (product < SAFE && under < SAFE && reach < SAFE && need < SAFE)
      return reach >= need ? full : quotient(product, under);
    if (BigInt(n) * BigInt(reachN) >= BigInt(d) * BigInt(reachD)) return full;
    return Number(quotientBig(BigInt(n) * BigInt(up), BigInt(d) * BigInt(down)));
  };
}

/** P · clip((x − b) / (T − b), 0, cap), for b below T; lower-is-better is the same with all signs turned. */
function gapClosed(sign: 1 | -1, baseline: Fraction, goal: Fraction, cap: Fraction, weight: number): Points {
  const full = BigInt(timesOver(weight, cap.numerator, cap.denominator));
  const [bn, bd] = [BigInt(baseline.numerator), BigInt(baseline.denominator)];
  const [tn, td] = [BigInt(goal.numerator), BigInt(goal.denominator)];
  // (n/d − bn/bd) / (tn/td − bn/bd) = (n·bd − bn·d)·td / (d·(tn·bd − bn·td))
  const gap = tn * bd - bn * td;
  return (n, d) => {
    const at = BigInt(sign * n);
    const closed = (at * bd - bn * BigInt(d)) * td * BigInt(weight);
    if (closed <= 0n) return 0;
    const under = BigInt(d) * gap;
    const points = (2n * closed + under) / (2n * under);
    return Number(points > full ? full : points);
  };
}

/** P · min(cap, T / R); a rate of 0 is the best there is. */
function lowerThreshold(goal: Fraction, cap: Fraction, weight: number): Points {
  const full = timesOver(weight, cap.numerator, cap.denominator);
  const [up, down] = reduced(weight, goal.numerator, goal.denominator);
  return (n, d) => {
    if (n === 0) return full;
    const points = quotientBig(BigInt(d) * BigInt(up), BigInt(n) * BigInt(down));
    return points > BigInt(full) ? full : Number(points);
  };
}

/** The share of the best step reached; none reached is 0. */
function stepped(steps: readonly Step[], direction: 'higher' | 'lower', weight: number): Points {
  const better = direction === 'higher' ? 1 : -1;
  const ordered = steps.toSorted((a, b) => better * compare(b.at, a.at));
  return (n, d) => {
    const rate = { numerator: n, denominator: d };
    const reached = ordered.find((step) => better * compare(rate, step.at) >= 0);
    return reached ? timesOver(weight, reached.share.numerator, reached.share.denominator) : 0;
  };
}

const SAFE = 2 ** 50;

/** `a·b / c` as a pair of whole numbers in lowest terms. */
function reduced(a: number, b: number, c: number): [number, number] {
  const first = greatestCommonDivisor(a, c) || 1;
  const second = greatestCommonDivisor(b, c / first) || 1;
  return [(a / first) * (b / second), c / first / second];
}
