import { quotientBig } from './fraction.js';

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
