import { fraction, type Fraction } from '../rules/scoring/fraction.js';
import type { Path } from '../rules/scoring/pace.js';
import type { Target } from '../rules/scoring/plan.js';
import type { ContestIndicator } from './contest.js';

/** The way a unit is expected to take: from its baseline at the launch, by the plan's milestones, to its target. */
export function pathOf(
  indicator: ContestIndicator,
  target: Target,
  launch: number,
  baseline: Fraction | null,
): Path {
  const start = { on: launch, value: baseline && baseline.denominator > 0 ? baseline : fraction(0, 1) };
  const between = indicator.milestones.filter(({ on }) => on > launch && on < target.dueOn);
  return {
    kind: indicator.path === 'stepped' ? 'stepped' : 'linear',
    milestones: [start, ...between, { on: target.dueOn, value: target.value }],
  };
}
