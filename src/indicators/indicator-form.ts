import type { IndicatorPlan } from './indicator-plan.js';
import { decimal } from './plan-edits.service.js';

/** The choices of the form of one indicator. */
export const CHOICES = {
  form: ['ratio', 'count', 'level', 'task'],
  kind: ['flow', 'stock', 'cumulative', 'distinct', 'level', 'task'],
  cadence: ['daily', 'weekly', 'monthly', 'once'],
  direction: ['higher', 'lower'],
  curve: ['threshold', 'gap-closed', 'steps', 'manual'],
  targetPath: ['linear', 'stepped', 'milestones'],
  onNotApplicable: ['exempt', 'zero', 'full', 'spread'],
  onNoCases: ['exempt', 'zero', 'full', 'spread', 'pool', 'carry'],
  onFewCases: ['shrink', 'raw', 'exempt', 'pool', 'carry', 'zero', 'full'],
  onMissing: ['zero', 'exempt', 'carry'],
} as const;

const TEXTS = [
  'nameVi',
  'nameEn',
  'numeratorVi',
  'numeratorEn',
  'denominatorVi',
  'denominatorEn',
  'measureVi',
  'denominatorMeasureVi',
  'targetDueOn',
  'legalBasis',
] as const;
const DECIMALS = ['target', 'baseline'] as const;

/** The posted fields as the indicator's plan; what the form does not show keeps its value. */
export function indicatorFrom(
  before: IndicatorPlan | undefined,
  code: string,
  field: (name: string) => string,
): IndicatorPlan {
  const chosen = (name: keyof typeof CHOICES) =>
    CHOICES[name].find((choice) => choice === field(name)) ?? CHOICES[name][0];
  const whole = (name: string) => (/^\d{1,6}$/.test(field(name)) ? Number(field(name)) : undefined);
  const number = (name: string) =>
    /^-?\d{1,12}(\.\d{1,6})?$/.test(decimal(field(name))) ? decimal(field(name)) : undefined;
  const form = chosen('form') as IndicatorPlan['form'];
  const kind = form === 'level' || form === 'task' ? form : chosen('kind');
  return {
    weights: {},
    ...before,
    code,
    ...Object.fromEntries(TEXTS.map((name) => [name, field(name) || undefined])),
    nameVi: field('nameVi'),
    nameEn: field('nameEn'),
    ...Object.fromEntries(
      (Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((name) => [name, chosen(name)]),
    ),
    form,
    kind: kind as IndicatorPlan['kind'],
    ...Object.fromEntries(DECIMALS.map((name) => [name, number(name)])),
    decimals: Math.min(whole('decimals') ?? 2, 6),
    minimumDenominator: whole('minimumDenominator') ?? 0,
  };
}
