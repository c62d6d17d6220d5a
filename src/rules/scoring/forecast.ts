import { compare, pooled, quotient, type Fraction } from './fraction.js';
import { meets } from './curve.js';
import type { Target } from './plan.js';

/** What one reported day added above and below the line. */
export interface Increment extends Fraction {
  readonly day: number;
}

export interface Forecast {
  /** The rate at the due day if the robust daily pace holds. */
  readonly expected: Fraction;
  /** The band in which 80 of 100 simulated endings lie. */
  readonly low: Fraction;
  readonly high: Fraction;
  /** Simulated endings that meet the target, of `runs`. */
  readonly hits: number;
  readonly runs: number;
  readonly basedOn: number;
}

export type Outlook = Forecast | { readonly none: 'too-few-days' | 'due-day-passed' | 'no-cases' };

/** A die of the caller's: a seeded one for pages that must say the same thing twice. In [0, 1). */
export type Die = () => number;

export const FORECAST_DAYS = { least: 7, most: 21 } as const;

/**
 * Where a rate is heading until `target.dueOn`, from the increments of numerator and denominator (never from the
 * percentage): the expected ending continues the robust slope of the last 7 to 21 reported days; the band and the
 * chance come from `runs` endings in which every day to come is one of those days again, weekends drawn from
 * weekends. No forecast under seven reported days.
 */
export function forecastOf(
  reached: Fraction,
  reported: readonly Increment[],
  until: { readonly today: number; readonly target: Target },
  simulation: { readonly die: Die; readonly runs: number },
): Outlook {
  const recent = reported.toSorted((a, b) => a.day - b.day).slice(-FORECAST_DAYS.most);
  if (recent.length < FORECAST_DAYS.least) return { none: 'too-few-days' };
  const days = until.target.dueOn - until.today;
  if (days <= 0) return { none: 'due-day-passed' };
  const expected = continued(reached, recent, days);
  if (expected.denominator === 0) return { none: 'no-cases' };
  const endings = simulated(reached, recent, until, simulation).toSorted(compare);
  const at = (tenth: number) => endings[quotient((endings.length - 1) * tenth, 10)] ?? expected;
  return {
    expected,
    low: at(1),
    high: at(9),
    hits: endings.filter((ending) => meets(until.target, ending)).length,
    runs: endings.length,
    basedOn: recent.length,
  };
}

/** One past forecast held against what came. */
export interface BackTest {
  readonly madeOn: number;
  readonly expected: Fraction;
  readonly actual: Fraction;
  readonly inBand: boolean;
}

/** Would the forecast have been right? It is made again for every past day, `ahead` days ahead, from what was known. */
export function backTest(
  reported: readonly Increment[],
  start: Fraction,
  ahead: number,
  target: Target,
  simulation: { readonly die: Die; readonly runs: number },
): BackTest[] {
  const ordered = reported.toSorted((a, b) => a.day - b.day);
  const last = ordered.at(-1)?.day ?? 0;
  return ordered.slice(FORECAST_DAYS.least - 1).flatMap(({ day: madeOn }) => {
    if (madeOn + ahead > last) return [];
    const known = ordered.filter(({ day }) => day <= madeOn);
    const until = { today: madeOn, target: { ...target, dueOn: madeOn + ahead } };
    const outlook = forecastOf(pooled([start, ...known]), known, until, simulation);
    if ('none' in outlook) return [];
    const actual = pooled([start, ...ordered.filter(({ day }) => day <= madeOn + ahead)]);
    const inBand = compare(actual, outlook.low) >= 0 && compare(actual, outlook.high) <= 0;
    return [{ madeOn, expected: outlook.expected, actual, inBand }];
  });
}

/** Theil–Sen: the median of the slopes between all pairs of points, in millionths per day; no outlier moves it far. */
export function robustSlope(points: readonly { readonly day: number; readonly value: number }[]): number {
  const slopes: number[] = [];
  points.forEach((a, index) => {
    for (const b of points.slice(index + 1))
      if (a.day !== b.day) slopes.push(quotient((b.value - a.value) * 1_000_000, b.day - a.day));
  });
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  if (slopes.length % 2 === 1) return slopes[middle] ?? 0;
  return quotient((slopes[middle - 1] ?? 0) + (slopes[middle] ?? 0), 2);
}

function continued(reached: Fraction, recent: readonly Increment[], days: number): Fraction {
  const slope = (of: 'numerator' | 'denominator') => {
    let value = 0;
    return robustSlope(recent.map((step) => ({ day: step.day, value: (value += step[of]) })));
  };
  const denominator = Math.max(0, slope('denominator'));
  const numerator = Math.max(0, Math.min(denominator, slope('numerator')));
  return {
    numerator: reached.numerator + quotient(numerator * days, 1_000_000),
    denominator: reached.denominator + quotient(denominator * days, 1_000_000),
  };
}

function simulated(
  reached: Fraction,
  recent: readonly Increment[],
  { today, target }: { readonly today: number; readonly target: Target },
  { die, runs }: { readonly die: Die; readonly runs: number },
): Fraction[] {
  const [rest, work] = [recent.filter(({ day }) => weekend(day)), recent.filter(({ day }) => !weekend(day))];
  const pool = (day: number) => {
    const own = weekend(day) ? rest : work;
    return own.length >= 2 ? own : recent;
  };
  return Array.from({ length: runs }, () => {
    let { numerator, denominator } = reached;
    for (let day = today + 1; day <= target.dueOn; day++) {
      const days = pool(day);
      const drawn = days[Math.floor(die() * days.length)];
      numerator += drawn?.numerator ?? 0;
      denominator += drawn?.denominator ?? 0;
    }
    return { numerator, denominator: Math.max(1, denominator) };
  });
}

/** 1970-01-01 was a Thursday. */
const weekend = (day: number) => (((day + 3) % 7) + 7) % 7 >= 5;
