import { robustSlope } from './endings.js';
import { quotient, quotientBig, timesOver } from './fraction.js';

/** Limits of an XmR chart, in the same whole units as the series that went in. */
export interface Limits {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

export type Finding = 'outside-limits' | 'seven-on-one-side' | 'seven-in-a-row' | 'two-of-three-near-limit';

/**
 * Natural process limits: mean ∓ 2,66 × mean moving range. Moving ranges of 3,267 × the mean range or more are set
 * aside first, so that one jump does not widen the limits it should be seen against. Under two values: `null`.
 */
export function limitsOf(series: readonly number[], screened = true): Limits | null {
  if (series.length < 2) return null;
  const values = series.map(BigInt);
  const ranges = values.slice(1).map((value, index) => distance(value, values[index] ?? value));
  const total = sum(ranges);
  const count = BigInt(ranges.length);
  const kept = screened ? ranges.filter((range) => range * count * 1000n < total * 3267n) : ranges;
  const used = kept.length > 0 ? kept : ranges;
  const mean = quotientBig(sum(values), BigInt(values.length));
  const width = quotientBig(sum(used) * 266n, BigInt(used.length) * 100n);
  return { mean: Number(mean), lower: Number(mean - width), upper: Number(mean + width) };
}

/** Which points of the series are more than ordinary variation, by the four usual rules. */
export function findingsOf(series: readonly number[], { mean, lower, upper }: Limits): (Finding | null)[] {
  return series.map((value, index) => {
    if (value < lower || value > upper) return 'outside-limits';
    if (inWindow(series, index, 7, (part) => oneSide(part, mean))) return 'seven-on-one-side';
    if (inWindow(series, index, 7, climbing)) return 'seven-in-a-row';
    const near = (x: number) => 3 * Math.abs(x - mean) >= 2 * (upper - mean) && x > mean === value > mean;
    const two = (part: readonly number[]) => near(value) && part.filter(near).length >= 2;
    return inWindow(series, index, 3, two) ? 'two-of-three-near-limit' : null;
  });
}

export interface Point {
  readonly day: number;
  readonly value: number;
}

export interface Behaviour {
  /** By point: where the series lies by itself, and how far ordinary days stray from there. */
  readonly course: readonly Limits[];
  readonly findings: readonly (Finding | null)[];
  /** Does the course climb or fall anywhere? */
  readonly trending: boolean;
}

/** Days that one stretch of a series spans; the rest joins the last one when it has fewer points than this. */
export const STRETCH = { days: 31, least: 8 } as const;

/**
 * Limits for a series that may climb or fall by plan. It is taken in stretches of 31 days, each about its mean or, where
 * Mann and Kendall find a trend beyond chance (5 %), about its robust line; the limits are those of what is left when
 * that course is taken off. A series of one stretch without a trend has the limits of `limitsOf`.
 */
export function behaviourOf(points: readonly Point[]): Behaviour | null {
  const stretches = stretchesOf(points).map((stretch) => ({ stretch, line: trends(stretch) }));
  const centre = stretches.flatMap(({ stretch, line }) => (line ? lineOf(stretch) : meanOf(stretch)));
  const rest = points.map(({ value }, index) => value - (centre[index] ?? 0));
  const limits = limitsOf(rest);
  if (!limits) return null;
  const course = centre.map((mean) => ({
    mean: mean + limits.mean,
    lower: mean + limits.lower,
    upper: mean + limits.upper,
  }));
  return { course, findings: findingsOf(rest, limits), trending: stretches.some(({ line }) => line) };
}

function stretchesOf(points: readonly Point[]): Point[][] {
  const stretches: Point[][] = [];
  const first = points[0]?.day ?? 0;
  for (const point of points) (stretches[Math.floor((point.day - first) / STRETCH.days)] ??= []).push(point);
  const filled = stretches.filter((stretch) => stretch.length > 0);
  const last = filled.at(-1) ?? [];
  if (filled.length < 2 || last.length >= STRETCH.least) return filled;
  return [...filled.slice(0, -2), [...(filled.at(-2) ?? []), ...last]];
}

/** S² against 1,96² times its variance n(n − 1)(2n + 5)/18, in whole numbers. */
function trends(points: readonly Point[]): boolean {
  let s = 0;
  points.forEach(({ value }, index) => {
    for (let later = index + 1; later < points.length; later++)
      s += Math.sign((points[later]?.value ?? value) - value);
  });
  const n = points.length;
  return n >= STRETCH.least && 180_000 * s * s > 38_416 * n * (n - 1) * (2 * n + 5);
}

function meanOf(points: readonly Point[]): number[] {
  const mean = quotient(
    points.reduce((total, { value }) => total + value, 0),
    points.length,
  );
  return points.map(() => mean);
}

/** Parts of a unit that a slope is worked out to: small, as a series of counts comes in millionths already. */
const PARTS = 1_000;

/** The robust slope through the median of what it leaves. */
function lineOf(points: readonly Point[]): number[] {
  const slope = robustSlope(points, PARTS);
  const climb = (day: number) => timesOver(slope, day - (points[0]?.day ?? 0), PARTS);
  const left = points.map(({ day, value }) => value - climb(day)).toSorted((a, b) => a - b);
  const [low, high] = [left[(left.length - 1) >> 1] ?? 0, left[left.length >> 1] ?? 0];
  return points.map(({ day }) => quotient(low + high, 2) + climb(day));
}

const sum = (values: readonly bigint[]) => values.reduce((total, value) => total + value, 0n);
const distance = (a: bigint, b: bigint) => (a > b ? a - b : b - a);

const oneSide = (part: readonly number[], mean: number) =>
  part.every((value) => value > mean) || part.every((value) => value < mean);

const climbing = (part: readonly number[]) =>
  part.every((value, i) => i === 0 || value > (part[i - 1] ?? value)) ||
  part.every((value, i) => i === 0 || value < (part[i - 1] ?? value));

/** Does the rule hold for some run of `length` points that contains this one? */
function inWindow(
  series: readonly number[],
  index: number,
  length: number,
  rule: (part: number[]) => boolean,
) {
  for (let from = Math.max(0, index - length + 1); from <= index && from + length <= series.length; from++)
    if (rule(series.slice(from, from + length))) return true;
  return false;
}
