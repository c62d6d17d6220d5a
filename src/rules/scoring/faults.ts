import { compare, fraction } from './fraction.js';
import type { Group, Indicator, Plan } from './plan.js';

export type PlanFault =
  | {
      readonly code: 'weights-do-not-sum';
      readonly group: string;
      readonly got: number;
      readonly expected: number;
    }
  | { readonly code: 'weight-negative'; readonly group: string; readonly indicator: string }
  | { readonly code: 'weight-of-unknown-indicator'; readonly group: string; readonly indicator: string }
  | { readonly code: 'group-empty' | 'group-of-one'; readonly group: string }
  | { readonly code: 'unit-in-two-groups'; readonly unit: number; readonly groups: readonly string[] }
  | { readonly code: 'units-mixed' | 'target-missing' | 'target-not-a-share'; readonly indicator: string }
  | { readonly code: 'steps-missing'; readonly indicator: string }
  | { readonly code: 'target-below-baseline'; readonly indicator: string; readonly units: readonly number[] }
  | { readonly code: 'tie-of-unknown-indicator'; readonly indicator: string };

/** These stop a plan from being published; the others are warnings to be read. */
export const WARNINGS: readonly PlanFault['code'][] = ['group-of-one', 'target-below-baseline'];

/** What is known of the units' own figures before the launch. */
export type Baselines = ReadonlyMap<
  number,
  Readonly<Record<string, { numerator: number; denominator: number } | null>>
>;

/** Everything wrong with a plan, not just the first thing; an empty list is a plan that may be published. */
export function faultsOf(plan: Plan, baselines: Baselines = new Map()): PlanFault[] {
  return [
    ...plan.groups.flatMap((group) => groupFaults(plan, group)),
    ...doubleMembers(plan),
    ...plan.indicators.flatMap(indicatorFaults),
    ...plan.indicators.flatMap((indicator) => baselineFaults(indicator, baselines)),
    ...tieFaults(plan),
  ];
}

function groupFaults(plan: Plan, { code: group, units, weights }: Group): PlanFault[] {
  const known = new Set(plan.indicators.map(({ code }) => code));
  const faults: PlanFault[] = [];
  const got = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  if (got !== plan.total) faults.push({ code: 'weights-do-not-sum', group, got, expected: plan.total });
  for (const [indicator, weight] of Object.entries(weights)) {
    if (weight < 0) faults.push({ code: 'weight-negative', group, indicator });
    if (!known.has(indicator)) faults.push({ code: 'weight-of-unknown-indicator', group, indicator });
  }
  if (units.length === 0) faults.push({ code: 'group-empty', group });
  if (units.length === 1) faults.push({ code: 'group-of-one', group });
  return faults;
}

function doubleMembers({ groups }: Plan): PlanFault[] {
  const seen = new Map<number, string[]>();
  for (const { code, units } of groups)
    for (const unit of units) seen.set(unit, [...(seen.get(unit) ?? []), code]);
  return [...seen]
    .filter(([, codes]) => codes.length > 1)
    .map(([unit, codes]) => ({ code: 'unit-in-two-groups', unit, groups: codes }));
}

function indicatorFaults(indicator: Indicator): PlanFault[] {
  const { code, measure, numeratorUnit, denominatorUnit, target, curve } = indicator;
  const faults: PlanFault[] = [];
  if (measure === 'share' && numeratorUnit !== denominatorUnit)
    faults.push({ code: 'units-mixed', indicator: code });
  if (curve.kind === 'gap-closed' && !target) faults.push({ code: 'target-missing', indicator: code });
  if (curve.kind === 'steps' && curve.steps.length === 0)
    faults.push({ code: 'steps-missing', indicator: code });
  if (measure === 'share' && target && compare(target.value, fraction(1, 1)) > 0)
    faults.push({ code: 'target-not-a-share', indicator: code });
  return faults;
}

/** A target that some unit had already met before the launch: allowed, it is "maintained", but it should be meant. */
function baselineFaults({ code, target, direction }: Indicator, baselines: Baselines): PlanFault[] {
  if (!target) return [];
  const units = [...baselines].flatMap(([unit, rates]) => {
    const rate = rates[code];
    if (!rate || rate.denominator === 0) return [];
    const side = compare(rate, target.value);
    return (direction === 'higher' ? side > 0 : side < 0) ? [unit] : [];
  });
  return units.length > 0 ? [{ code: 'target-below-baseline', indicator: code, units }] : [];
}

function tieFaults({ ties, indicators }: Plan): PlanFault[] {
  return ties.flatMap((tie) =>
    typeof tie === 'object' && !indicators.some(({ code }) => code === tie.indicator)
      ? [{ code: 'tie-of-unknown-indicator' as const, indicator: tie.indicator }]
      : [],
  );
}
