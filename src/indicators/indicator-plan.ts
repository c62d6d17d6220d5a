import type { CampaignPlan } from '../campaigns/campaign-plan.js';

export type IndicatorForm = 'ratio' | 'count' | 'level' | 'task';
export type IndicatorKind = 'flow' | 'stock' | 'cumulative' | 'distinct' | 'level' | 'task';
export type Policy = 'exempt' | 'zero' | 'full' | 'spread' | 'pool' | 'carry';

/** How one thing is counted and judged under one version of the rules. Rates and targets are decimal text, percent for ratios. */
export interface IndicatorPlan {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly form: IndicatorForm;
  readonly kind: IndicatorKind;
  readonly cadence?: 'daily' | 'weekly' | 'monthly' | 'once';
  readonly numeratorVi?: string;
  readonly numeratorEn?: string;
  readonly denominatorVi?: string;
  readonly denominatorEn?: string;
  /** What is counted above and below the line: a share needs the same in both places. */
  readonly measureVi?: string;
  readonly measureEn?: string;
  readonly denominatorMeasureVi?: string;
  readonly direction?: 'higher' | 'lower';
  readonly decimals?: number;
  readonly maximum?: string;
  readonly baselineNumerator?: number;
  readonly baselineDenominator?: number;
  readonly baseline?: string;
  readonly target?: string;
  readonly targetOperator?: '>=' | '>' | '<=' | '<' | '=';
  readonly targetDueOn?: string;
  readonly targetPath?: 'linear' | 'stepped' | 'milestones';
  readonly milestones?: readonly { readonly dueOn: string; readonly value: string }[];
  readonly curve?: 'threshold' | 'gap-closed' | 'steps' | 'manual';
  readonly curveSteps?: readonly { readonly from: number; readonly points: number }[];
  readonly bonusCap?: string;
  readonly minimumDenominator?: number;
  readonly onNotApplicable?: Policy;
  readonly onNoCases?: Policy;
  readonly onFewCases?: Policy | 'shrink' | 'raw';
  readonly onMissing?: Policy;
  readonly family?: string;
  readonly legalBasis?: string;
  /** Weight by group code; a group that is not named is not judged by it. */
  readonly weights: Readonly<Record<string, string>>;
  /** Own baseline or target of single units, by unit id. */
  readonly starts?: readonly IndicatorStart[];
}

export interface IndicatorStart {
  readonly unitId: number;
  readonly numerator?: number;
  readonly denominator?: number;
  readonly baseline?: string;
  readonly target?: string;
}

/** What decides a score beside the indicators. */
export interface RulesPlan {
  readonly totalPoints?: number;
  readonly scoreDecimals?: number;
  readonly tieRule?: 'competition' | 'dense';
  readonly tieBreak?: readonly ('indicators-at-target' | 'progress' | 'target-met-first')[];
  readonly minimumApplicable?: string;
  readonly graceDays?: number;
  readonly bands?: readonly Band[];
}

export interface Band {
  readonly code: string;
  readonly from: number;
  readonly nameVi: string;
  readonly nameEn: string;
}

export interface TaskPlan {
  readonly titleVi: string;
  readonly titleEn: string;
  readonly ownerUnitId?: number;
  readonly startsOn: string;
  readonly dueOn: string;
  readonly weight?: string;
}

/** A whole campaign plan: frame, rules, indicators, tasks. */
export interface Plan extends CampaignPlan {
  readonly rules?: RulesPlan;
  readonly indicators: readonly IndicatorPlan[];
  readonly tasks?: readonly TaskPlan[];
}
