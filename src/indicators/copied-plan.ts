import type { Plan } from './indicator-plan.js';

export interface Copy {
  readonly slug: string;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly startsOn: string;
  /** The day the copy's units are taken as of; units that are gone by then are left out by the caller. */
  readonly unitsAsOf?: string;
}

/** Last year's plan with all its days moved: same length, same distances; no decision, no baselines, no readings. */
export function copiedPlan(plan: Plan, copy: Copy): Plan {
  const distance = (Date.parse(copy.startsOn) - Date.parse(plan.startsOn)) / 86_400_000;
  const moved = (day: string) => daysAfter(day, distance);
  return {
    ...plan,
    ...copy,
    unitsAsOf: copy.unitsAsOf ?? copy.startsOn,
    endsOn: moved(plan.endsOn),
    decisionRef: undefined,
    phases: plan.phases?.map((phase) => ({
      ...phase,
      startsOn: moved(phase.startsOn),
      endsOn: moved(phase.endsOn),
    })),
    tasks: plan.tasks?.map((task) => ({ ...task, startsOn: moved(task.startsOn), dueOn: moved(task.dueOn) })),
    indicators: plan.indicators.map((indicator) => ({
      ...indicator,
      baseline: undefined,
      baselineNumerator: undefined,
      baselineDenominator: undefined,
      starts: [],
      targetDueOn: indicator.targetDueOn && moved(indicator.targetDueOn),
      milestones: indicator.milestones?.map(({ dueOn, value }) => ({ dueOn: moved(dueOn), value })),
    })),
  };
}

/** Calendar days have no hours: counted in UTC they cannot slip. */
export const daysAfter = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
