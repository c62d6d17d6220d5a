import { pooled, quotient, timesOver, MILLION, type Fraction } from './fraction.js';

/** What one reported day added above and below the line. */
export interface Increment extends Fraction {
  readonly day: number;
}

/** A die of the caller's: a seeded one for pages that must say the same thing twice. In [0, 1). */
export type Die = () => number;

/** Reported days that a forecast looks at; past forecasts of the unit that its band is held against. */
export const FORECAST_DAYS = { least: 7, most: 21 } as const;
export const PAST_FORECASTS = { least: 5, most: 28 } as const;

export const NOTHING: Fraction = { numerator: 0, denominator: 0 };

/** The reported days in order, their running sums, and the pace by each of them once it was asked for. */
export interface Walked {
  readonly steps: readonly Increment[];
  readonly sums: readonly Fraction[];
  readonly paces: Map<number, Fraction>;
  /** Never more above the line than below: then it cannot come to be. */
  readonly share: boolean;
}

export function walkedBy(reported: readonly Increment[]): Walked {
  const steps = reported.toSorted((a, b) => a.day - b.day);
  let sum = NOTHING;
  const sums = steps.map((step) => (sum = pooled([sum, step])));
  const share = steps.every(({ numerator, denominator }) => numerator <= denominator);
  return { steps, sums, paces: new Map(), share };
}

export const recentDays = ({ steps }: Walked, index: number): readonly Increment[] =>
  steps.slice(Math.max(0, index + 1 - FORECAST_DAYS.most), index + 1);

/** The last step on or before a day. */
export const lastBy = ({ steps }: Walked, day: number): number =>
  steps.findLastIndex((step) => step.day <= day);

/** What the robust slope by a step adds in so many days. */
export function continued(walked: Walked, index: number, days: number): Fraction {
  const known = walked.paces.get(index);
  const pace = known ?? paceBy(walked, index);
  if (!known) walked.paces.set(index, pace);
  return {
    numerator: timesOver(pace.numerator, days, MILLION),
    denominator: timesOver(pace.denominator, days, MILLION),
  };
}

/** Millionths a day, above and below the line. */
function paceBy(walked: Walked, index: number): Fraction {
  const recent = recentDays(walked, index);
  const slope = (of: 'numerator' | 'denominator') => {
    let value = 0;
    return Math.max(0, robustSlope(recent.map((step) => ({ day: step.day, value: (value += step[of]) }))));
  };
  const [numerator, denominator] = [slope('numerator'), slope('denominator')];
  return { numerator: walked.share ? Math.min(numerator, denominator) : numerator, denominator };
}

/**
 * What forecasts made on past days, as many days ahead, were off by above and below the line: the last 28 of them.
 * Where fewer than 5 are so old, the longest distance that has 5 is taken and its misses are widened as those of a
 * share that drifts evenly would be: by the distance itself, and by how far the middle of what comes lies from the
 * middle of the days looked at. No misses where even one day ahead has not been forecast 5 times.
 */
export function missesOf(
  walked: Walked,
  index: number,
  days: number,
): { misses: Fraction[]; distance: number } {
  const { steps, sums } = walked;
  const [first, today] = [FORECAST_DAYS.least - 1, steps[index]?.day ?? 0];
  const fifth = steps[first + PAST_FORECASTS.least - 1];
  const distance = fifth ? Math.min(days, today - fifth.day) : 0;
  if (distance < 1) return { misses: [], distance: 0 };
  const drift = (over: number, at: number) => over * (over + Math.min(at + 1, FORECAST_DAYS.most));
  const until = lastBy(walked, today - distance);
  const from = Math.max(first, until + 1 - PAST_FORECASTS.most);
  const misses = steps.slice(from, until + 1).map(({ day }, at) => {
    const [before, after] = [sums[from + at] ?? NOTHING, sums[lastBy(walked, day + distance)] ?? NOTHING];
    const hoped = continued(walked, from + at, distance);
    const [wide, seen] = distance === days ? [1, 1] : [drift(days, index), drift(distance, from + at)];
    const off = (of: 'numerator' | 'denominator') =>
      timesOver(after[of] - before[of] - hoped[of], wide, seen);
    return { numerator: off('numerator'), denominator: off('denominator') };
  });
  return { misses, distance };
}

/** An ending that can be: nothing below the line is lost again, and a share stays between nothing and all. */
export function plausible({ share }: Walked, reached: Fraction, ending: Fraction): Fraction {
  const denominator = Math.max(1, reached.denominator, ending.denominator);
  const numerator = Math.max(0, ending.numerator);
  return { numerator: share ? Math.min(numerator, denominator) : numerator, denominator };
}

interface Draw {
  readonly reached: Fraction;
  readonly today: number;
  readonly days: number;
  /** Little was forecast so far ahead before: the days are then drawn from a draw of them, as they are a sample too. */
  readonly thin: boolean;
  readonly die: Die;
  readonly runs: number;
}

/** Endings in which every day to come is one of the recent days again, weekends drawn from weekends. */
export function drawnEndings(walked: Walked, index: number, draw: Draw): Fraction[] {
  const { reached, today, days, thin, die, runs } = draw;
  const recent = recentDays(walked, index);
  const drawn = (pool: readonly Fraction[]) => pool[Math.floor(die() * pool.length)] ?? NOTHING;
  const poolOf = (kind: boolean): readonly Fraction[] => {
    const own = recent.filter(({ day }) => weekend(day) === kind);
    return own.length >= 2 ? own : recent;
  };
  const [rest, work] = [poolOf(true), poolOf(false)];
  const again = (pool: readonly Fraction[]) => (thin ? pool.map(() => drawn(pool)) : pool);
  return Array.from({ length: runs }, () => {
    const [free, busy] = [again(rest), again(work)];
    let { numerator, denominator } = reached;
    for (let day = today + 1; day <= today + days; day++) {
      const one = drawn(weekend(day) ? free : busy);
      numerator += one.numerator;
      denominator += one.denominator;
    }
    return { numerator, denominator: Math.max(1, denominator) };
  });
}

/** Theil–Sen: the median of the slopes between all pairs of points, in millionths (or `parts`) per day; no outlier moves it far. */
export function robustSlope(
  points: readonly { readonly day: number; readonly value: number }[],
  parts = MILLION,
): number {
  const slopes = new Float64Array((points.length * (points.length - 1)) / 2);
  let count = 0;
  points.forEach((a, index) => {
    for (let at = index + 1; at < points.length; at++) {
      const b = points[at]!;
      if (a.day !== b.day) slopes[count++] = quotient((b.value - a.value) * parts, b.day - a.day);
    }
  });
  const sorted = slopes.subarray(0, count).sort();
  const middle = count >> 1;
  if (count % 2 === 1) return sorted[middle] ?? 0;
  return quotient((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0), 2);
}

/** 1970-01-01 was a Thursday. */
const weekend = (day: number) => (((day + 3) % 7) + 7) % 7 >= 5;
