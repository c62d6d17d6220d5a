import { addDays, dayOfNumber } from '../rules/calendar/day.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { rateText } from '../rules/scoring/explanation.js';
import { backTest, type Outlook } from '../rules/scoring/forecast.js';
import { fraction, MILLION, millionthsOf, type Fraction } from '../rules/scoring/fraction.js';
import { expectedOn } from '../rules/scoring/pace.js';
import { behaviourOf } from '../rules/scoring/spread.js';
import { withTarget } from '../rules/scoring/standings.js';
import { cellKey, type ContestIndicator } from './contest.js';
import type { Cut } from './cut.js';
import { diceOf } from './dice.js';
import { pathOf } from './target-path.js';
import { incrementsOf } from './unit-view.js';

/** One indicator of one unit on a day. */
export interface Spot {
  readonly cut: Cut;
  readonly indicator: ContestIndicator;
  readonly unit: number;
  readonly day: number;
}

const ownTarget = ({ cut, indicator, unit }: Spot) =>
  withTarget(indicator.rule, cut.contest.targets.get(cellKey(unit, indicator.code))).target;

/** What was reached by each day, the path agreed, and where it is heading. */
export function walkOf(spot: Spot, outlook: Outlook | null) {
  const { cut, indicator, unit, day } = spot;
  const { contest, cube } = cut;
  const slot = contest.indicators.indexOf(indicator);
  const row = cube.rowOf(unit);
  const target = ownTarget(spot);
  const path = target && pathOf(indicator, target, contest.start, cut.baseline(unit, indicator.code));
  const write = (rate: Fraction | null) =>
    rate && rate.denominator > 0 ? rateText(indicator.rule, rate) : null;
  const reached = Array.from({ length: day + 1 }, (_, on) => ({
    day: addDays(contest.startsOn, on),
    value: write(cube.figure(on, slot, row)),
  }));
  const agreed = (path?.milestones ?? []).map(({ on }) => ({
    day: dayOfNumber(on),
    value: path ? write(fraction(expectedOn(path, on), MILLION)) : null,
  }));
  const ahead = outlook && !('none' in outlook) && target ? outlook : null;
  const due = target ? dayOfNumber(target.dueOn) : '';
  const now = reached.at(-1);
  const heading = ahead && now?.value ? [now, { day: due, value: write(ahead.expected) }] : [];
  const band =
    ahead && now?.value
      ? [
          { day: now.day, low: Number(now.value), high: Number(now.value) },
          { day: due, low: Number(write(ahead.low)), high: Number(write(ahead.high)) },
        ]
      : [];
  return { reached, agreed, heading, band };
}

/** Day by day, is this more than ordinary variation? The unit's own limits, and the days that fall out of them. */
export function processOf(spot: Spot) {
  const { indicator } = spot;
  const days = ownDays(spot);
  const share = indicator.rule.measure === 'share';
  const series = days.map(({ day, rate }) => ({ day, value: millionthsOf(rate) }));
  const behaviour = behaviourOf(series);
  if (!behaviour) return null;
  const clipped = (value: number) => (share ? Math.min(MILLION, Math.max(0, value)) : Math.max(0, value));
  const write = (value: number) => decimalOf(value * (share ? 100 : 1), Math.min(2, indicator.rule.decimals));
  const ordinary = behaviour.course.map(({ mean, lower, upper }) => ({
    mean: write(clipped(mean)),
    lower: write(clipped(lower)),
    upper: write(clipped(upper)),
  }));
  return {
    ...(ordinary.at(-1) ?? { mean: '', lower: '', upper: '' }),
    trending: behaviour.trending,
    days: series.map(({ day, value }, index) => ({
      day: dayOfNumber(day),
      value: write(value),
      numerator: days[index]?.rate.numerator ?? 0,
      denominator: days[index]?.rate.denominator ?? 0,
      ordinary: ordinary[index],
      finding: behaviour.findings[index] ?? null,
    })),
  };
}

/** What each reported day says by itself: what it added where figures add over time, else the figure itself. */
function ownDays(spot: Spot): { day: number; rate: Fraction }[] {
  const { cut, indicator, unit, day } = spot;
  const { contest, cube } = cut;
  if (indicator.rule.kind === 'flow' || indicator.rule.kind === 'cumulative')
    return incrementsOf(cut, indicator, unit, day)
      .map(({ day: on, ...rate }) => ({
        day: on,
        rate: indicator.form === 'count' ? { ...rate, denominator: 1 } : rate,
      }))
      .filter(({ rate }) => rate.denominator > 0);
  const slot = contest.indicators.indexOf(indicator);
  const row = cube.rowOf(unit);
  return Array.from({ length: day + 1 }, (_, on) => on).flatMap((on) => {
    const rate = cube.reported(on, slot, row);
    return rate && rate.denominator > 0 ? [{ day: contest.start + on, rate }] : [];
  });
}

const AHEAD = 7;
const RUNS = 200;

/** The forecast made again for every past day, a week ahead, and held against what came. */
export function forecastTests(spot: Spot) {
  const { cut, indicator, unit, day } = spot;
  const target = ownTarget(spot);
  if (!target || (indicator.rule.kind !== 'flow' && indicator.rule.kind !== 'cumulative')) return null;
  const die = diceOf(`back|${cut.contest.slug}|${unit}|${indicator.code}|${day}`);
  const reported = incrementsOf(cut, indicator, unit, day);
  const start = fraction(0, indicator.form === 'count' ? 1 : 0);
  const tests = backTest(reported, start, AHEAD, target, { die, runs: RUNS });
  if (tests.length === 0) return null;
  const errors = tests.map(({ expected, actual }) => Math.abs(millionthsOf(expected) - millionthsOf(actual)));
  const scale = indicator.rule.measure === 'share' ? 100 : 1;
  return {
    ahead: AHEAD,
    made: tests.length,
    inBand: tests.filter(({ inBand }) => inBand).length,
    error: decimalOf(Math.round(errors.reduce((sum, one) => sum + one, 0) / errors.length) * scale, 2),
    tests: tests.map(({ madeOn, expected, actual, inBand }) => ({
      madeOn: dayOfNumber(madeOn),
      dueOn: dayOfNumber(madeOn + AHEAD),
      expected: rateText(indicator.rule, expected),
      actual: rateText(indicator.rule, actual),
      inBand,
    })),
  };
}
