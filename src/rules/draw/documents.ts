/** The documents of a bundle, protocol §2 to §8, as they are published. All of them are plain JSON. */
export const PROTOCOL = 'thidua-draw/1';

export type Method = 'ticket' | 'seedrandom';

export interface Prize {
  readonly id: string;
  readonly name: string;
  readonly quantity: number;
  /** In đồng. */
  readonly value: number;
}

export type Source =
  | { readonly id: string; readonly kind: 'drand'; readonly chain: string; readonly round: number }
  | { readonly id: string; readonly kind: 'witness'; readonly description: string; readonly pattern: string }
  | { readonly id: string; readonly kind: 'commitment'; readonly commitment: string };

/** `rules.json`, §2. Instants are ISO 8601 in UTC. `winsPerHolder` null: no limit. */
export interface DrawRules {
  readonly protocol: typeof PROTOCOL;
  readonly draw: string;
  readonly title: string;
  readonly organizer: string;
  readonly closesAt: string;
  readonly drawsAt: string;
  readonly method: Method;
  readonly winsPerHolder: number | null;
  readonly prizes: readonly Prize[];
  readonly sources: readonly Source[];
}

/** One line of `entries.csv`, §3. */
export interface Entry {
  readonly code: string;
  readonly holder: string;
}

/** One item of `strikes.json`, §8: an entry found ineligible after the freeze, by two offices. */
export interface Strike {
  readonly code: string;
  readonly reason: string;
  readonly at: string;
  readonly by: readonly string[];
}

/** One item of `sources.json`, §8: what a source gave. */
export interface SourceValue {
  readonly id: string;
  readonly value: string;
  readonly recordedAt: string;
  readonly recordedBy: readonly string[];
  readonly round?: number;
  readonly randomness?: string;
}

/** One prize to hand out: the n-th of its kind, from 1. */
export interface Place {
  readonly prize: string;
  readonly place: number;
}

/** Positions count from 1 in the order of §5. */
export interface Winner extends Place, Entry {
  readonly position: number;
}

export type SkipReason = 'struck' | 'holder-limit' | 'won';

export interface Skipped {
  readonly position: number;
  readonly code: string;
  readonly reason: SkipReason;
}

/** `result.json`, §6. In a replacement `rulesHash` is the hash of the addendum, which stands in for the rules. */
export interface DrawResult {
  readonly protocol: typeof PROTOCOL;
  readonly draw: string;
  readonly rulesHash: string;
  readonly root: string;
  readonly size: number;
  readonly seed: string;
  readonly winners: readonly Winner[];
  readonly skipped: readonly Skipped[];
}

/** `replacements/NN/addendum.json`, §7, published before its sources exist. */
export interface Addendum {
  readonly protocol: typeof PROTOCOL;
  readonly draw: string;
  readonly number: number;
  /** Hash of the result of the draw, or of the replacement, before. */
  readonly previous: string;
  readonly strikes: readonly Strike[];
  readonly vacancies: readonly Place[];
  readonly sources: readonly Source[];
}

/** A replacement that has been drawn. */
export interface Replacement {
  readonly addendum: Addendum;
  readonly result: DrawResult;
}

/** One line of the completeness equation, §8. */
export interface Tally {
  readonly received: number;
  readonly eligible: number;
  readonly refused: number;
  readonly quarantined: number;
  readonly duplicate: number;
  readonly entriesIssued: number;
  readonly entriesVoided: number;
  readonly barred: number;
  readonly listed: number;
}

/** What the partner signed for one day. */
export interface Digest {
  readonly day: string;
  readonly count: number;
  readonly amount: number;
  readonly fileHash: string;
  readonly signature: string | null;
}

/** `completeness.json`, §8. */
export interface Completeness {
  readonly days: readonly (Tally & { readonly day: string })[];
  readonly total: Tally;
  readonly digests: readonly Digest[];
}
