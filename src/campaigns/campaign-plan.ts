export type CampaignKind = 'movement' | 'drive' | 'review' | 'promotion';
export type PhaseKind = 'launch' | 'interim-review' | 'final-review' | 'sprint';

/** Days are local calendar days, `2022-06-01`; both ends belong to it. */
export interface PhasePlan {
  readonly kind: PhaseKind;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

/** Khối or cụm thi đua: places are given among the units of one group. */
export interface GroupPlan {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly units?: readonly number[];
}

/** The frame of a campaign, as an organiser, a template or a file states it. */
export interface CampaignPlan {
  readonly slug: string;
  readonly kind: CampaignKind;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly decisionRef?: string;
  readonly startsOn: string;
  readonly endsOn: string;
  /** The campaign this one is part of. */
  readonly parentSlug?: string;
  /** The unit it belongs to, usually a province. */
  readonly unitId?: number;
  /** The day whose unit tree it runs on; its first day when left out. */
  readonly unitsAsOf?: string;
  readonly reportDueDays?: number;
  readonly lockAfterDays?: number;
  readonly approvalSteps?: number;
  readonly phases?: readonly PhasePlan[];
  readonly groups?: readonly GroupPlan[];
}
