import { meets } from './curve.js';
import {
  continued,
  drawnEndings,
  FORECAST_DAYS,
  lastBy,
  missesOf,
  plausible,
  recentDays,
  walkedBy,
  NOTHING,
  type Die,
  type Increment,
  type Walked,
} from './endings.js';
import { compare, pooled, type Fraction } from './fraction.js';
import type { Target } from './plan.js';

export interface Forecast {
  /** The rate at the due day if the robust daily pace holds. */
  readonly expected: Fraction;
  /** The band of 80 %: the wider, on each side, of the endings drawn and of the endings that past misses lead to. */
  readonly low: Fraction;
  readonly high: Fraction;
  /** Of `runs` endings, drawn and from past misses in equal parts, those that meet the target. */
  readonly hits: number;
  readonly runs: number;
  readonly basedOn: number;
  /** Past forecasts whose misses the band rests on; 0 where there are not enough yet. */
  readonly heldAgainst: number;
}

export type Outlook = Forecast | { readonly none: 'too-few-days' | 'due-day-passed' | 'no-cases' };

interface Until {
  readonly today: number;
  readonly target: Target;
}

interface Simulation {
  readonly die: Die;
  readonly runs: number;
}

/**
 * Where a rate is heading until `target.dueOn`, from the increments of numerator and denominator (never from the
 * percentage): the expected ending continues the robust slope of the last 7 to 21 reported days. The band is the wider
 * of two: `runs` endings in which every day to come is one of those days again, weekends drawn from weekends; and
 * endings off by what the unit's own past forecasts, made in the same way, were off by. Cases are whole, halves up. No
 * forecast under seven reported days.
 */
export function forecastOf(
  reached: Fraction,
  reported: readonly Increment[],
  until: Until,
  simulation: Simulation,
): Outlook {
  const walked = walkedBy(reported);
  return forecastAt(walked, walked.steps.length - 1, { reached, until, simulation });
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
  simulation: Simulation,
): BackTest[] {
  const walked = walkedBy(reported);
  const reachedAt = (index: number) => pooled([start, walked.sums[index] ?? NOTHING]);
  const last = walked.steps.at(-1)?.day ?? 0;
  return walked.steps.flatMap(({ day: madeOn }, index) => {
    if (madeOn + ahead > last) return [];
    const until = { today: madeOn, target: { ...target, dueOn: madeOn + ahead } };
    const outlook = forecastAt(walked, index, { reached: reachedAt(index), until, simulation });
    if ('none' in outlook) return [];
    const actual = reachedAt(lastBy(walked, madeOn + ahead));
    const inBand = compare(actual, outlook.low) >= 0 && compare(actual, outlook.high) <= 0;
    return [{ madeOn, expected: outlook.expected, actual, inBand }];
  });
}

interface Outset {
  readonly reached: Fraction;
  readonly until: Until;
  readonly simulation: Simulation;
}

function forecastAt(walked: Walked, index: number, { reached, until, simulation }: Outset): Outlook {
  if (index + 1 < FORECAST_DAYS.least) return { none: 'too-few-days' };
  const { today, target } = until;
  const days = target.dueOn - today;
  if (days <= 0) return { none: 'due-day-passed' };
  const expected = pooled([reached, continued(walked, index, days)]);
  if (expected.denominator === 0) return { none: 'no-cases' };
  const { misses, distance } = missesOf(walked, index, days);
  const past = misses.map((miss) => plausible(walked, reached, pooled([expected, miss]))).toSorted(compare);
  const proven = past.length > 0;
  const thin = distance < days;
  const drawn = drawnEndings(walked, index, { reached, today, days, thin, ...simulation }).toSorted(compare);
  const sides = proven ? [drawn, past] : [drawn];
  const met = sides.map((endings) => endings.filter((ending) => meets(target, ending)).length);
  const [hits = 0, hitsOfPast = 0] = met;
  return {
    expected,
    low: sides.map((endings) => tenth(endings)).toSorted(compare)[0] ?? expected,
    high:
      sides
        .map((endings) => tenth(endings.toReversed()))
        .toSorted(compare)
        .at(-1) ?? expected,
    hits: proven ? hits * past.length + hitsOfPast * drawn.length : hits,
    runs: proven ? 2 * drawn.length * past.length : drawn.length,
    basedOn: recentDays(walked, index).length,
    heldAgainst: past.length,
  };
}

/** The end that one in ten lies beyond; of few endings the outermost, as one more could lie beyond them all. */
const tenth = (endings: readonly Fraction[]): Fraction =>
  endings[Math.max(0, Math.floor((endings.length + 1) / 10) - 1)] ?? NOTHING;
