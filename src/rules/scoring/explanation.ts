import { decimalOf, percentOf, quotientOf, type Decimal } from './decimal.js';
import { compare, fraction, type Fraction } from './fraction.js';
import type { Indicator, Plan } from './plan.js';
import type { Row } from './standings.js';
import type { Part } from './score.js';

/**
 * One line of "why is this number what it is". `step` names a sentence of the catalogue, `terms` are its figures as
 * they are printed, `parts` are the lines below it.
 */
export interface Explanation {
  readonly step: string;
  readonly value: Decimal | null;
  readonly terms: Readonly<Record<string, string | number | null>>;
  readonly parts: readonly Explanation[];
}

/** The score of a unit, down to numerators and denominators. Facts below that have sources; the caller hangs them on. */
export function explainScore(plan: Plan, row: Row): Explanation {
  const { score } = row;
  const places = plan.decimals;
  return {
    step: score.ranked ? 'score' : `score-${score.unranked}`,
    value: decimalOf(score.published, places),
    terms: {
      earned: decimalOf(score.earned, 6),
      applicable: decimalOf(score.applicable, 6),
      total: decimalOf(plan.total, 6),
      exact: decimalOf(score.exact, 6),
      adjusted: score.adjusted === 0 ? null : decimalOf(score.adjusted, 6),
      share: quotientOf(fraction(score.applicable, plan.total), 4),
    },
    parts: score.parts.map((part) => explainPart(plan, part)),
  };
}

/** The points of one indicator: state, policy, rate, curve, weight. */
export function explainPart(plan: Plan, part: Part): Explanation {
  const indicator = plan.indicators.find(({ code }) => code === part.indicator);
  const { cell } = part;
  const terms = {
    indicator: part.indicator,
    weight: decimalOf(part.weight, 6),
    counted: decimalOf(part.counted, 6),
    state: cell.state,
    policy: cell.policy,
  };
  const parts = indicator ? [...rateLines(indicator, part), ...curveLines(indicator, part)] : [];
  return { step: `part-${cell.treatment.by}`, value: decimalOf(part.earned, 6), terms, parts };
}

/** The figure itself, and the figure it was scored on where that is another. */
function rateLines(indicator: Indicator, { cell }: Part): Explanation[] {
  const lines: Explanation[] = [];
  if (cell.shown) lines.push(rateLine('rate', indicator, cell.shown));
  if (cell.treatment.by === 'rate' && cell.shown && !same(cell.treatment.rate, cell.shown))
    lines.push(rateLine(`rate-${cell.policy}`, indicator, cell.treatment.rate));
  return lines;
}

const rateLine = (step: string, indicator: Indicator, rate: Fraction): Explanation => ({
  step,
  value: rateText(indicator, rate),
  terms: { numerator: rate.numerator, denominator: rate.denominator },
  parts: [],
});

/** A rate as this indicator prints it: a percentage, or the points or quotient themselves. */
export const rateText = (
  indicator: Pick<Indicator, 'measure' | 'decimals'>,
  rate: Fraction,
): Decimal | null =>
  indicator.measure === 'share'
    ? percentOf(rate, indicator.decimals)
    : indicator.measure === 'points'
      ? decimalOf(rate.numerator, indicator.decimals)
      : quotientOf(rate, indicator.decimals);

function curveLines(indicator: Indicator, { cell, weight }: Part): Explanation[] {
  const { curve, direction, target } = indicator;
  if (cell.treatment.by !== 'rate') return [];
  return [
    {
      step: `curve-${curve.kind}-${direction}`,
      value: null,
      terms: {
        target: target ? rateText(indicator, target.value) : null,
        operator: target?.operator ?? null,
        weight: decimalOf(weight, 6),
        cap: 'cap' in curve ? quotientOf(curve.cap, 2) : null,
      },
      parts: [],
    },
  ];
}

const same = (a: Fraction, b: Fraction) => a.denominator > 0 && b.denominator > 0 && compare(a, b) === 0;
