import type { FactKind } from './fact.js';
import type { Fraction } from './fraction.js';
import type { Policies } from './treatment.js';

/** What is published before the launch and then obeyed. Everything that decides a score or a place is in here. */
export interface Plan {
  /** Points a unit can reach without bonus, in millionths; the weights of every group sum to it. */
  readonly total: number;
  /** Places of the published score. */
  readonly decimals: number;
  /** A unit with less than this share of the weight applicable is listed, not ranked. */
  readonly minimumApplicable: Fraction;
  readonly ranking: 'competition' | 'dense';
  /** Tried in turn between units of one score; units still equal share the place. */
  readonly ties: readonly TieBreak[];
  readonly bands: readonly Band[];
  readonly indicators: readonly Indicator[];
  readonly groups: readonly Group[];
}

export interface Indicator {
  readonly code: string;
  readonly kind: FactKind;
  /** What is counted above and below the line; a share needs the same thing in both places. */
  readonly numeratorUnit: string;
  readonly denominatorUnit: string;
  /** Indicators of one section stand in for one another under the policy `spread`. */
  readonly section: string;
  readonly direction: 'higher' | 'lower';
  /** A share cannot exceed 100 %; a quotient of unlike things can. */
  readonly measure: 'share' | 'quotient' | 'points';
  readonly decimals: number;
  readonly target: Target | null;
  readonly curve: Curve;
  /** Below this many cases a rate is not yet a finding. 0 switches the rule off. */
  readonly minimumCases: number;
  readonly policies: Policies;
  /** How many cases at the group's rate are added to a unit with few cases; see `shrunken`. */
  readonly shrinkage: number;
}

export interface Target {
  readonly value: Fraction;
  readonly operator: '>=' | '>' | '<=' | '<' | '=';
  /** Its own due day, which may lie after the end of the campaign. */
  readonly dueOn: number;
}

export type Curve =
  | { readonly kind: 'threshold'; readonly cap: Fraction }
  | { readonly kind: 'gap-closed'; readonly cap: Fraction }
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  /** Points given by people: the share of the maximum, clipped to 0 and the weight. */
  | { readonly kind: 'manual' };

/** From this value on (or down to it, where lower is better) the unit earns this share of the weight. */
export interface Step {
  readonly at: Fraction;
  readonly share: Fraction;
}

export interface Group {
  readonly code: string;
  readonly units: readonly number[];
  /** Points per indicator, in millionths. An indicator without an entry does not count in this group. */
  readonly weights: Readonly<Record<string, number>>;
}

export type TieBreak =
  'indicators-at-target' | 'progress' | 'target-met-first' | { readonly indicator: string };

/** Named from this published score upwards, in millionths: Xuất sắc from 90. */
export interface Band {
  readonly code: string;
  readonly from: number;
}

/** The highest band a published score reaches, or `null` below all of them. */
export const bandOf = (bands: readonly Band[], published: number): Band | null =>
  bands.toSorted((a, b) => b.from - a.from).find((band) => published >= band.from) ?? null;
