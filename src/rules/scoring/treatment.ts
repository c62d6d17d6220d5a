import { lowest, MILLION, type Fraction } from './fraction.js';

/**
 * Why there may be no ordinary rate:
 * - `not-applicable`: the unit has no such procedure at all; needs evidence;
 * - `no-cases`: the denominator of the window is 0;
 * - `few-cases`: it is below the indicator's minimum;
 * - `missing`: expected and not reported.
 */
export const EMPTY_STATES = ['not-applicable', 'no-cases', 'few-cases', 'missing'] as const;
export type EmptyState = (typeof EMPTY_STATES)[number];

/** `refused` is a figure that cannot be right (a share above 100 %): it earns nothing until it is corrected. */
export type CellState = 'counted' | EmptyState | 'waiting' | 'refused';

/**
 * - `exempt`: the cell drops out and the weights of the rest are scaled to the full sum;
 * - `zero`, `full`: no points, all points;
 * - `spread`: its weight goes in equal parts to the other indicators of its section;
 * - `pool`: the window is widened backwards until the minimum is reached;
 * - `carry`: the last rate the unit had;
 * - `shrink`, `raw`: for few cases only: ranked on the shrunken rate, or on the rate as it stands.
 */
export const POLICIES = ['exempt', 'zero', 'full', 'spread', 'pool', 'carry'] as const;
export type Policy = (typeof POLICIES)[number];
export type FewCasesPolicy = Policy | 'shrink' | 'raw';

export interface Policies {
  readonly 'not-applicable': Policy;
  readonly 'no-cases': Policy;
  readonly 'few-cases': FewCasesPolicy;
  readonly missing: Policy;
}

export const DEFAULT_POLICIES: Policies = {
  'not-applicable': 'exempt',
  'no-cases': 'exempt',
  'few-cases': 'shrink',
  missing: 'zero',
};

/** What is known of one unit under one indicator at the time of the standings. */
export interface Evidence {
  /** The figure of the window; `null` when nothing was reported. */
  readonly counts: Fraction | null;
  readonly applicable: boolean;
  /** Only the percentage is known: it is scored, but nothing is added up from it. */
  readonly percentOnly?: boolean;
  /** Still inside the days of grace: nothing reported is not yet a fault. */
  readonly waiting?: boolean;
  /** The figure of the window widened backwards until the minimum is reached, where the history allows it. */
  readonly widened?: Fraction | null;
  /** The last figure with cases before this window. */
  readonly last?: Fraction | null;
}

/** How a cell is scored: on a rate, with all points, with none, or not at all. */
export type Treatment =
  { readonly by: 'rate'; readonly rate: Fraction } | { readonly by: 'full' | 'zero' | 'exempt' | 'spread' };

export interface Cell {
  readonly state: CellState;
  /** The policy that decided, where the state is not an ordinary rate. */
  readonly policy: FewCasesPolicy | null;
  /** The raw figure, to be shown as "the rate"; never the shrunken one. */
  readonly shown: Fraction | null;
  readonly treatment: Treatment;
}

export interface CellRule {
  readonly measure: 'share' | 'quotient' | 'points';
  readonly minimumCases: number;
  readonly policies: Policies;
  readonly shrinkage: number;
}

/** The state of a cell, before any policy. */
export function stateOf(rule: Pick<CellRule, 'measure' | 'minimumCases'>, evidence: Evidence): CellState {
  if (!evidence.applicable) return 'not-applicable';
  if (!evidence.counts) return evidence.waiting ? 'waiting' : 'missing';
  const { numerator, denominator } = evidence.counts;
  if (numerator < 0 || denominator < 0) return 'refused';
  if (rule.measure !== 'quotient' && numerator > denominator) return 'refused';
  if (denominator === 0) return 'no-cases';
  return denominator < rule.minimumCases ? 'few-cases' : 'counted';
}

/**
 * State, policy and treatment of a cell. `group` is the pooled figure of the units the cell is ranked among. A
 * policy that has nothing to work on (no earlier window, no earlier rate) falls back to the default of its state.
 */
export function cellOf(rule: CellRule, evidence: Evidence, group: Fraction): Cell {
  const state = stateOf(rule, evidence);
  const shown = evidence.counts;
  if (state === 'counted') return { state, policy: null, shown, treatment: rateOf(shown) };
  if (state === 'waiting') return { state, policy: null, shown, treatment: { by: 'exempt' } };
  if (state === 'refused') return { state, policy: null, shown, treatment: { by: 'zero' } };
  const policy = rule.policies[state];
  const treatment =
    treated(policy, rule, evidence, group) ?? treated(DEFAULT_POLICIES[state], rule, evidence, group);
  return { state, policy, shown, treatment: treatment ?? { by: 'exempt' } };
}

/**
 * Beta-binomial shrinkage with a prior of `strength` cases at the group's rate N / D:
 * (n + strength·N/D) / (d + strength), exact. With few cases the rate is mostly the group's, with many its own.
 * A group without cases says nothing, and the raw rate stays.
 */
export function shrunken(own: Fraction, group: Fraction, strength: number): Fraction {
  if (group.denominator === 0 || strength === 0) return own;
  return lowest({
    numerator: own.numerator * group.denominator + strength * group.numerator,
    denominator: (own.denominator + strength) * group.denominator,
  });
}

/** (x + α) / (n + α + β), with α and β in millionths of a case: the general form, for a prior fitted elsewhere. */
export function posterior(own: Fraction, alpha: number, beta: number): Fraction {
  return {
    numerator: own.numerator * MILLION + alpha,
    denominator: own.denominator * MILLION + alpha + beta,
  };
}

function treated(
  policy: FewCasesPolicy,
  rule: CellRule,
  evidence: Evidence,
  group: Fraction,
): Treatment | null {
  const own = evidence.counts;
  switch (policy) {
    case 'pool':
      return usable(evidence.widened, rule.minimumCases) ? rateOf(evidence.widened) : null;
    case 'carry':
      return usable(evidence.last, 1) ? rateOf(evidence.last) : null;
    case 'shrink':
      return usable(own, 1) ? rateOf(shrunken(own, group, rule.shrinkage)) : null;
    case 'raw':
      return usable(own, 1) ? rateOf(own) : null;
    default:
      return { by: policy };
  }
}

const usable = (rate: Fraction | null | undefined, minimum: number): rate is Fraction =>
  !!rate && rate.denominator >= Math.max(1, minimum);

const rateOf = (rate: Fraction | null): Treatment => (rate ? { by: 'rate', rate } : { by: 'zero' });
