import type { Fraction } from '../rules/scoring/fraction.js';
import type { Indicator, Plan } from '../rules/scoring/plan.js';
import type { Passage } from './passage.js';

/** A campaign as its standings see it: one version of the rules on the tree of one day, as known at one instant. */
export interface Contest {
  readonly id: number;
  readonly slug: string;
  readonly kind: string;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly decisionRef: string | null;
  readonly startsOn: string;
  readonly endsOn: string;
  /** Days since 1970-01-01 of the first day, and how many days there are. */
  readonly start: number;
  readonly days: number;
  readonly rulesVersionId: number;
  readonly rulesNumber: number;
  readonly rulesDecision: string | null;
  readonly graceDays: number;
  readonly treeOn: string;
  readonly plan: Plan;
  readonly indicators: readonly ContestIndicator[];
  readonly groups: readonly ContestGroup[];
  readonly bands: readonly BandName[];
  readonly phases: readonly Phase[];
  /** Everyone taking part and everyone below them. */
  readonly units: ReadonlyMap<number, ContestUnit>;
  /** Units with figures that are not on this tree, and where their figures are added. */
  readonly passages: readonly Passage[];
  readonly handovers: readonly Handover[];
  /** By `unit:indicator code`. */
  readonly baselines: ReadonlyMap<string, Fraction>;
  readonly targets: ReadonlyMap<string, Fraction>;
  readonly exemptions: ReadonlyMap<string, { readonly reason: string; readonly on: string | null }>;
  /** Units that left, with the decision. */
  readonly departures: ReadonlyMap<number, Departure>;
  readonly excluded: ReadonlySet<number>;
  readonly adjustments: readonly UnitAdjustment[];
}

export interface Departure {
  readonly lastOn: string;
  readonly decisionRef: string | null;
  readonly reason: string | null;
}

export interface ContestIndicator {
  readonly id: number;
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly form: 'ratio' | 'count' | 'level' | 'task';
  readonly numeratorVi: string;
  readonly numeratorEn: string;
  readonly denominatorVi: string | null;
  readonly denominatorEn: string | null;
  readonly measureVi: string;
  readonly measureEn: string;
  readonly legalBasis: string | null;
  readonly path: 'linear' | 'stepped' | 'milestones';
  readonly milestones: readonly { readonly on: number; readonly value: Fraction }[];
  readonly baseline: Fraction | null;
  /** The highest a level can be, in millionths. */
  readonly maximum: number;
  readonly rule: Indicator;
}

export interface ContestGroup {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
}

export interface BandName {
  readonly code: string;
  readonly nameVi: string;
  readonly nameEn: string;
}

export interface Phase {
  readonly kind: string;
  readonly titleVi: string;
  readonly titleEn: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

export interface ContestUnit {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly parentId: number | null;
  readonly group: string | null;
  /** Days since 1970-01-01 it takes part from and until (not included); `null` for all of the campaign. */
  readonly joined: number | null;
  readonly left: number | null;
}

/** Of what was there before a day, the one after it says the whole anew: a state counts once, not under both. */
export interface Handover {
  readonly from: number;
  readonly to: number;
  /** Days since 1970-01-01. */
  readonly on: number;
}

export interface UnitAdjustment {
  readonly unit: number;
  readonly from: number;
  readonly points: number;
  readonly reason: string;
  readonly decisionRef: string;
}

export const cellKey = (unit: number, indicator: string) => `${unit}:${indicator}`;

/** The units directly below one; what it was itself before, or later, is no part of it. */
export function partsOf({ units, passages }: Contest, unit: number): ContestUnit[] {
  const itself = new Set(
    passages.flatMap(({ how, unitId }) => (how === 'same' || how === 'whole' ? [unitId] : [])),
  );
  return [...units.values()].filter(({ id, parentId }) => parentId === unit && !itself.has(id));
}
