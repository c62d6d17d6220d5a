import type { Indicator, Plan } from './plan.js';
import { standingsOf, type Contestant } from './standings.js';
import { POLICIES, type EmptyState, type FewCasesPolicy, type Policy } from './treatment.js';

/** One way to treat the empty and the small, tried on every unit. */
export interface Trial {
  readonly policy: FewCasesPolicy;
  readonly rows: readonly TrialRow[];
}

export interface TrialRow {
  readonly unit: number;
  readonly group: string;
  readonly published: number;
  readonly rank: number | null;
  /** Against the plan as it stands: points in millionths, and places (positive is better). */
  readonly scoreMoves: number;
  readonly rankMoves: number | null;
  /** Cells the policy decided for this unit. */
  readonly decided: number;
}

/**
 * The policy simulator: every unit under every policy for one empty state, side by side with the plan, before it is
 * signed. `indicators` limits the trial to some; without it all change together.
 */
export function trialsOf(
  plan: Plan,
  contestants: ReadonlyMap<number, Contestant>,
  state: EmptyState,
  indicators?: readonly string[],
): Trial[] {
  const now = rowsOf(plan, contestants, state);
  const before = new Map(now.map((row) => [row.unit, row]));
  return policiesFor(state).map((policy) => ({
    policy,
    rows: rowsOf(withPolicy(plan, state, policy, indicators), contestants, state).map((row) => {
      const old = before.get(row.unit);
      return {
        ...row,
        scoreMoves: row.published - (old?.published ?? 0),
        rankMoves: row.rank === null || !old?.rank ? null : old.rank - row.rank,
      };
    }),
  }));
}

/** What may be tried for a state; shrinking and taking the rate as it stands need some cases. */
export const policiesFor = (state: EmptyState): readonly FewCasesPolicy[] =>
  state === 'few-cases' ? [...POLICIES, 'shrink', 'raw'] : POLICIES;

/** The plan with another policy for one empty state. */
export function withPolicy(
  plan: Plan,
  state: EmptyState,
  policy: FewCasesPolicy,
  only?: readonly string[],
): Plan {
  const changed = (indicator: Indicator): Indicator =>
    only && !only.includes(indicator.code)
      ? indicator
      : { ...indicator, policies: { ...indicator.policies, [state]: policy as Policy } };
  return { ...plan, indicators: plan.indicators.map(changed) };
}

function rowsOf(plan: Plan, contestants: ReadonlyMap<number, Contestant>, state: EmptyState) {
  return standingsOf(plan, contestants).flatMap(({ group, rows }) =>
    rows.map(({ unit, score, place }) => ({
      unit,
      group,
      published: score.published,
      rank: place.rank,
      decided: score.parts.filter(({ cell }) => cell.state === state).length,
    })),
  );
}
