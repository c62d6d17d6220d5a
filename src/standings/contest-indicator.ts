import { numberOfDay } from '../rules/calendar/day.js';
import { millionths } from '../rules/scoring/decimal.js';
import { fraction, lowest, MILLION, type Fraction } from '../rules/scoring/fraction.js';
import type { Curve, Indicator, Target } from '../rules/scoring/plan.js';
import type { ContestIndicator } from './contest.js';
import type { CampaignRow, IndicatorRow } from './contest.queries.js';

/** An indicator's row as the rules and the pages want it. */
export function indicatorOf(row: IndicatorRow, campaign: Pick<CampaignRow, 'ends_on'>): ContestIndicator {
  return {
    id: row.id,
    code: row.code,
    nameVi: row.name_vi,
    nameEn: row.name_en,
    form: row.form,
    numeratorVi: row.numerator_vi,
    numeratorEn: row.numerator_en,
    denominatorVi: row.denominator_vi,
    denominatorEn: row.denominator_en,
    measureVi: row.measure_vi,
    measureEn: row.measure_en,
    legalBasis: row.legal_basis,
    path: row.target_path,
    milestones: row.milestones.map(({ due_on: on, value }) => ({
      on: numberOfDay(on),
      value: valueOf(row, value),
    })),
    baseline: baselineOf(row),
    maximum: millionths(row.maximum ?? '100'),
    rule: ruleOf(row, campaign),
  };
}

/**
 * A figure of the plan as a fraction: `80` of a ratio is 80 per 100; a level is held against its maximum; a count
 * against one.
 */
export function valueOf({ form, maximum }: Pick<IndicatorRow, 'form' | 'maximum'>, value: string): Fraction {
  const under = form === 'count' ? MILLION : form === 'level' ? millionths(maximum ?? '100') : 100 * MILLION;
  return lowest(fraction(millionths(value), under));
}

function baselineOf(row: IndicatorRow): Fraction | null {
  if (row.baseline_denominator !== null && row.baseline_numerator !== null)
    return fraction(row.baseline_numerator, row.baseline_denominator);
  return row.baseline === null ? null : valueOf(row, row.baseline);
}

function ruleOf(row: IndicatorRow, campaign: Pick<CampaignRow, 'ends_on'>): Indicator {
  return {
    code: row.code,
    kind: row.kind,
    numeratorUnit: row.measure_vi,
    denominatorUnit: row.denominator_measure_vi ?? row.measure_vi,
    section: row.family ?? `alone:${row.code}`,
    direction: row.direction,
    measure: row.form === 'count' ? 'quotient' : row.form === 'level' ? 'points' : 'share',
    decimals: row.decimals,
    target: targetOf(row, campaign),
    curve: curveOf(row),
    minimumCases: row.minimum_denominator,
    policies: {
      'not-applicable': row.on_not_applicable,
      'no-cases': row.on_no_cases,
      'few-cases': row.on_few_cases,
      missing: row.on_missing,
    },
    shrinkage: row.minimum_denominator,
  };
}

const targetOf = (row: IndicatorRow, campaign: Pick<CampaignRow, 'ends_on'>): Target | null =>
  row.target === null
    ? null
    : {
        value: valueOf(row, row.target),
        operator: row.target_operator,
        dueOn: numberOfDay(row.target_due_on ?? campaign.ends_on),
      };

function curveOf(row: IndicatorRow): Curve {
  if (row.curve === 'manual') return { kind: 'manual' };
  if (row.curve !== 'steps')
    return { kind: row.curve, cap: lowest(fraction(millionths(row.bonus_cap), MILLION)) };
  const steps = row.curve_steps.map(({ from, points }) => ({
    at: valueOf(row, String(from)),
    share: lowest(fraction(millionths(String(points)), 100 * MILLION)),
  }));
  return { kind: 'steps', steps };
}
