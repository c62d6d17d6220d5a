import type { Campaign, CampaignGroup, Participant } from '../campaigns/campaigns.queries.js';
import type { Finding } from '../platform/http/input-error.js';
import type { IndicatorVersion, Rules } from './indicators.queries.js';

export interface PlanState {
  readonly campaign: Campaign;
  readonly rules: Rules;
  readonly groups: readonly CampaignGroup[];
  readonly participants: readonly Participant[];
  readonly indicators: readonly IndicatorVersion[];
  readonly sums: readonly { readonly code: string; readonly sum: string }[];
  readonly exempt: readonly { readonly fullName: string }[];
}

export interface Checklist {
  /** What keeps the plan from being published. */
  readonly missing: readonly Finding[];
  /** What it may be published with, knowingly. */
  readonly remarks: readonly Finding[];
}

/** Everything a plan lacks before it may be published, named. */
export function checklist(plan: PlanState): Checklist {
  const missing: Finding[] = [];
  const remarks: Finding[] = [];
  const { campaign, groups, indicators } = plan;
  if (!campaign.decisionRef) missing.push(lack('decisionRef', 'decision', '', '170/KH-UBND'));
  if (groups.length === 0) missing.push(lack('groups', 'groups', 0, 1));
  if (indicators.length === 0) missing.push(lack('indicators', 'indicators', 0, 1));
  for (const { code, units, nameVi } of groups) {
    if (units === 0) missing.push(lack(`groups.${code}`, 'group-empty', nameVi, 2));
    if (units === 1) remarks.push(lack(`groups.${code}`, 'group-of-one', nameVi, 2));
  }
  for (const { code, sum } of indicators.length > 0 ? plan.sums : []) {
    const total = plan.rules.totalPoints;
    if (Number(sum) !== total)
      missing.push(lack(`weights.${code}`, 'weights-sum', `${nameOf(groups, code)}: ${sum}`, total));
  }
  for (const { fullName } of plan.exempt) missing.push(lack('exemptions', 'all-exempt', fullName, ''));
  const strangers = plan.participants.filter(({ fullName }) => fullName === null).length;
  if (strangers > 0) missing.push(lack('groups', 'units-not-in-tree', strangers, campaign.unitsAsOf));
  for (const indicator of indicators) missing.push(...faultsOf(indicator, campaign));
  return { missing, remarks };
}

const lack = (field: string, code: string, got: unknown, expected: unknown): Finding => ({
  field,
  code: `indicators.findings.${code}`,
  got,
  expected,
});

const nameOf = (groups: readonly CampaignGroup[], code: string) =>
  groups.find((group) => group.code === code)?.nameVi ?? code;

function faultsOf(indicator: IndicatorVersion, { startsOn }: Campaign): Finding[] {
  const faults: Finding[] = [];
  const fault = (code: string, got: unknown, expected: unknown) =>
    faults.push(lack(`indicators.${indicator.code}`, code, `${indicator.nameVi}: ${String(got)}`, expected));
  const { target, targetDueOn, form, measureVi, denominatorMeasureVi, direction = 'higher' } = indicator;
  if (Object.keys(indicator.weights).length === 0) fault('no-weight', 0, '> 0');
  if (target === undefined) fault('target-missing', '–', '80');
  if (target !== undefined && !targetDueOn) fault('due-missing', '–', '2022-09-02');
  if (targetDueOn && targetDueOn < startsOn) fault('due-before-start', targetDueOn, startsOn);
  if (form === 'ratio' && Number(target) > 100) fault('target-above-100', target, '≤ 100');
  if (form === 'ratio' && denominatorMeasureVi && denominatorMeasureVi !== measureVi)
    fault('measures-mixed', `${measureVi ?? ''} / ${denominatorMeasureVi}`, measureVi);
  const baseline = baselineOf(indicator);
  const behind =
    direction === 'higher' ? Number(target) < Number(baseline) : Number(target) > Number(baseline);
  if (target !== undefined && baseline !== undefined && behind)
    fault('target-behind-baseline', target, baseline);
  if (indicator.curve === 'steps' && (indicator.curveSteps ?? []).length === 0)
    fault('steps-missing', '–', '80 → 100');
  if (indicator.targetPath === 'milestones' && (indicator.milestones ?? []).length === 0)
    fault('milestones-missing', '–', '2022-06-30 → 60');
  return faults;
}

function baselineOf({
  baseline,
  baselineNumerator: n,
  baselineDenominator: d,
}: IndicatorVersion): string | undefined {
  if (baseline !== undefined) return baseline;
  return n !== undefined && d ? String((100 * n) / d) : undefined;
}
