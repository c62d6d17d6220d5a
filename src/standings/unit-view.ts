import { NotFoundException } from '@nestjs/common';
import { addDays, dayOfNumber } from '../rules/calendar/day.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import { rateText } from '../rules/scoring/explanation.js';
import type { Increment } from '../rules/scoring/endings.js';
import { forecastOf, type Outlook } from '../rules/scoring/forecast.js';
import { fraction, MILLION, type Fraction } from '../rules/scoring/fraction.js';
import { wilson } from '../rules/scoring/interval.js';
import { paceOf, type Pace } from '../rules/scoring/pace.js';
import type { Group } from '../rules/scoring/plan.js';
import type { Part } from '../rules/scoring/score.js';
import { withTarget, type GroupStandings, type Row } from '../rules/scoring/standings.js';
import { trendOf, type Trend } from '../rules/scoring/trend.js';
import { cellOf, type CellView } from './board-view.js';
import { cellKey, type ContestIndicator, type ContestUnit } from './contest.js';
import type { Cut } from './cut.js';
import { diceOf } from './dice.js';
import type { Sight } from './sight.service.js';
import { pathOf } from './target-path.js';

/** One indicator of one unit, with where it stands and where it is heading. */
export interface IndicatorView extends CellView {
  readonly nameVi: string;
  readonly nameEn: string;
  readonly kind: string;
  readonly measureVi: string;
  readonly measureEn: string;
  readonly target: string | null;
  readonly operator: string | null;
  readonly dueOn: string | null;
  readonly baseline: string | null;
  readonly trend: Trend | null;
  readonly pace: (Pace & { expectedText: string | null; requiredText: string }) | null;
  readonly outlook: Outlook | null;
  readonly chance: {
    readonly percent: number;
    readonly low: string | null;
    readonly high: string | null;
    readonly expected: string | null;
  } | null;
  /** What the rate may be, where it stands on few cases, in percent. */
  readonly interval: { readonly low: string; readonly high: string } | null;
}

export interface UnitSight {
  readonly group: Group;
  readonly standings: GroupStandings;
  readonly row: Row;
}

/** The standings of a unit's own group, and its row; nothing for a unit that does not take part on that day. */
export function unitSight(cut: Cut, unit: number, day: number): UnitSight | null {
  const group = cut.planOn(day).groups.find(({ units }) => units.includes(unit));
  const standings = cut.standings(day).find((one) => one.group === group?.code);
  const row = standings?.rows.find((one) => one.unit === unit);
  return group && standings && row ? { group, standings, row } : null;
}

/** The unit that an address names, with its standings. @throws NotFoundException when it does not take part on that day. */
export function unitIn({ cut, day }: Sight, unitId: number): UnitSight & { readonly unit: ContestUnit } {
  const unit = cut.contest.units.get(unitId);
  const seen = unit && unitSight(cut, unit.id, day);
  if (!unit || !seen) throw new NotFoundException();
  return { unit, ...seen };
}

export function indicatorViews(cut: Cut, unit: number, day: number, parts: readonly Part[]): IndicatorView[] {
  return parts.flatMap((part) => {
    const indicator = cut.contest.indicators.find(({ code }) => code === part.indicator);
    return indicator ? [indicatorView(cut, indicator, unit, day, part)] : [];
  });
}

function indicatorView(
  cut: Cut,
  indicator: ContestIndicator,
  unit: number,
  day: number,
  part: Part,
): IndicatorView {
  const { target } = withTarget(indicator.rule, cut.contest.targets.get(cellKey(unit, indicator.code)));
  const baseline = cut.baseline(unit, indicator.code);
  const { shown, state } = part.cell;
  const cell = cellOf(cut, unit, day, part);
  const from = baseline && rateText(indicator.rule, baseline);
  const counts = shown && shown.denominator > 0 && state !== 'refused' ? shown : null;
  const path = target && pathOf(indicator, target, cut.contest.start, baseline);
  const pace = counts && target && path ? paceOf(counts, target, path, cut.contest.start + day) : null;
  const outlook = counts && target ? outlookOf(cut, { indicator, unit, day, counts, target }) : null;
  const scale = scaleOf(indicator);
  return {
    ...cell,
    nameVi: indicator.nameVi,
    nameEn: indicator.nameEn,
    kind: indicator.rule.kind,
    measureVi: indicator.measureVi,
    measureEn: indicator.measureEn,
    target: target && rateText(indicator.rule, target.value),
    operator: target?.operator ?? null,
    dueOn: target && dayOfNumber(target.dueOn),
    baseline: from,
    trend: from && cell.text ? trendOf(from, cell.text) : null,
    pace: pace && {
      ...pace,
      expectedText: rateText(indicator.rule, fraction(pace.expected, MILLION)),
      requiredText: decimalOf(pace.required * scale, 2),
    },
    outlook,
    chance: outlook && !('none' in outlook) ? chanceOf(indicator, outlook) : null,
    interval:
      counts && state === 'few-cases' && indicator.rule.measure === 'share' ? intervalOf(counts) : null,
  };
}

/** A required pace of a share is in percentage points a day. */
const scaleOf = ({ rule }: ContestIndicator) => (rule.measure === 'share' ? 100 : 1);

function chanceOf({ rule }: ContestIndicator, outlook: Exclude<Outlook, { none: string }>) {
  return {
    percent: Math.round((outlook.hits * 100) / outlook.runs),
    low: rateText(rule, outlook.low),
    high: rateText(rule, outlook.high),
    expected: rateText(rule, outlook.expected),
  };
}

function intervalOf(rate: Fraction) {
  const { low, high } = wilson(rate);
  return { low: decimalOf(low * 100, 1), high: decimalOf(high * 100, 1) };
}

const RUNS = 400;

interface Outset {
  readonly indicator: ContestIndicator;
  readonly unit: number;
  readonly day: number;
  readonly counts: Fraction;
  readonly target: NonNullable<ContestIndicator['rule']['target']>;
}

/** Only what adds over time can be carried on from its increments. */
function outlookOf(cut: Cut, { indicator, unit, day, counts, target }: Outset): Outlook | null {
  if (indicator.rule.kind !== 'flow' && indicator.rule.kind !== 'cumulative') return null;
  const until = { today: cut.contest.start + day, target };
  const die = diceOf(`${cut.contest.slug}|${unit}|${indicator.code}|${day}`);
  return forecastOf(counts, incrementsOf(cut, indicator, unit, day), until, { die, runs: RUNS });
}

/**
 * What each day added to a unit's figure, parts included; days on which nothing was reported are left out. A count has no
 * cases below the line.
 */
export function incrementsOf(cut: Cut, indicator: ContestIndicator, unit: number, day: number): Increment[] {
  const { cube, contest } = cut;
  const slot = contest.indicators.indexOf(indicator);
  const row = cube.rowOf(unit);
  const steps: Increment[] = [];
  let before: Fraction = { numerator: 0, denominator: 0 };
  for (let on = 0; on <= day; on++) {
    const now = cube.figure(on, slot, row);
    if (!now) continue;
    const numerator = now.numerator - before.numerator;
    const denominator = indicator.form === 'count' ? 0 : now.denominator - before.denominator;
    if (numerator !== 0 || denominator !== 0) steps.push({ day: contest.start + on, numerator, denominator });
    before = now;
  }
  return steps;
}

export const dayText = (cut: Cut, day: number): string => addDays(cut.contest.startsOn, day);
