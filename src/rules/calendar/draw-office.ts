import { type Missing, missingFor } from './draw-missing.js';

/**
 * The states of a draw, in the only order there is. No state leads back and none says "again": a draw that went wrong
 * becomes void, with everything it computed kept public, and another draw with a name of its own takes its place.
 */
export const DRAW_STATES = [
  'planned',
  'rules-published',
  'objections-open',
  'frozen',
  'witnessed',
  'sources-complete',
  'drawn',
  'certified',
  'published',
] as const;
export type DrawState = (typeof DRAW_STATES)[number] | 'void';

export type DrawRole = 'organiser' | 'partner' | 'witness' | 'auditor';

/**
 * What can be done to a draw. An act that reaches a state can be complete once only.
 * `drop-strike`: a proposal that was not agreed to in time can still be turned down, and only that, or the draw would stand still.
 */
export const DRAW_ACTS = {
  'publish-rules': { from: ['planned'], reaches: 'rules-published', by: ['organiser'] },
  'open-objections': { from: ['rules-published'], reaches: 'objections-open', by: ['organiser'] },
  freeze: { from: ['objections-open'], reaches: 'frozen', by: ['organiser'] },
  cosign: { from: ['frozen', 'witnessed'], reaches: 'witnessed', by: ['witness', 'auditor', 'partner'] },
  strike: { from: ['frozen', 'witnessed'], by: ['organiser', 'partner', 'auditor'] },
  'drop-strike': { from: ['frozen', 'witnessed'], by: ['organiser', 'partner', 'auditor'] },
  'record-source': {
    from: ['witnessed'],
    reaches: 'sources-complete',
    by: ['organiser', 'partner', 'witness', 'auditor'],
  },
  draw: { from: ['sources-complete'], reaches: 'drawn', by: ['organiser'] },
  recompute: { from: ['drawn'], by: ['organiser', 'partner', 'witness', 'auditor'] },
  certify: { from: ['drawn'], reaches: 'certified', by: ['organiser', 'partner', 'witness', 'auditor'] },
  publish: { from: ['certified'], reaches: 'published', by: ['organiser'] },
  void: { from: DRAW_STATES, reaches: 'void', by: ['organiser', 'partner'] },
} as const satisfies Record<string, ActRule>;
export type DrawAct = keyof typeof DRAW_ACTS;

export interface ActRule {
  readonly from: readonly DrawState[];
  readonly reaches?: DrawState;
  /** Roles, held for this promotion, that may do it. Where two must agree, they belong to different organisations. */
  readonly by: readonly DrawRole[];
}

/** Who signed, and for which organisation. */
export interface Signer {
  readonly officerId: number;
  readonly organisationId: number;
}

/** Everything the rules need to know about a draw; the shell reads it under the lock of the draw. */
export interface DrawFacts {
  readonly state: DrawState;
  readonly now: Date;
  /** End of the period whose codes are drawn. */
  readonly closesAt: Date;
  readonly prizes: number;
  /** Sources of the rules; `speaksAt` is the time of a beacon round. */
  readonly sources: readonly {
    readonly kind: 'drand' | 'witness' | 'commitment';
    readonly speaksAt?: Date;
  }[];
  /** Seconds that must lie between the freeze with its witnesses and a beacon round. */
  readonly beaconMargin: number;
  readonly objectionsCloseAt: Date | null;
  readonly objectionsUndecided: number;
  /** Entries that are, or would be, on the list. */
  readonly entries: number;
  readonly equationHolds: boolean;
  readonly importsUnderWay: number;
  readonly frozenBy: Signer | null;
  readonly witnessesWanted: number;
  readonly cosigned: readonly Signer[];
  readonly strikesUndecided: number;
  readonly sourcesRecorded: number;
  readonly recomputation: 'none' | 'differs' | 'agrees';
  readonly certified: readonly Signer[];
}

/**
 * What is missing before `actor` may do `act`: all reasons, in the order in which they can be mended; empty means it
 * may be done now. Says nothing about roles: those are rights of the officer (`DRAW_ACTS[act].by`).
 */
export function missing(act: DrawAct, facts: DrawFacts, actor: Signer): Missing[] {
  const place = placeOf(act, facts.state);
  return place ? [place] : missingFor(act, facts, actor);
}

/** Whether the act was completed before: to ask for it again is answered with what was done, and changes nothing. */
export function isDone(act: DrawAct, state: DrawState): boolean {
  const rule: ActRule = DRAW_ACTS[act];
  if (!rule.reaches) return false;
  if (state === 'void' || rule.reaches === 'void') return rule.reaches === state;
  return rankOf(state) >= rankOf(rule.reaches) && !rule.from.includes(state);
}

/** The acts that lead on from a state, the main one first; `void` is always possible and not named. */
export function nextActs(state: DrawState): DrawAct[] {
  return (Object.keys(DRAW_ACTS) as DrawAct[]).filter(
    (act) => act !== 'void' && (DRAW_ACTS[act] as ActRule).from.includes(state),
  );
}

/** The state after `reached` acts are written: the furthest of them. */
export function stateOf(reached: ReadonlySet<string>): DrawState {
  if (reached.has('void')) return 'void';
  return DRAW_STATES.findLast((state) => reached.has(state)) ?? 'planned';
}

export const rankOf = (state: DrawState): number => (DRAW_STATES as readonly string[]).indexOf(state);

function placeOf(act: DrawAct, state: DrawState): Missing | undefined {
  const { from }: ActRule = DRAW_ACTS[act];
  if (from.includes(state)) return undefined;
  if (state === 'void') return { code: 'is-void' };
  const wanted = from[0]!;
  return rankOf(state) < rankOf(wanted) ? { code: `not-${wanted}` } : { code: `already-${state}` };
}
