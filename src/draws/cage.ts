import type { Place } from '../rules/draw/documents.js';
import type { EntryList } from '../rules/draw/entries.js';
import type { PlannedSource } from './plan.js';

export type BallOutcome = 'wins' | 'never-issued' | 'not-listed' | 'struck' | 'holder-limit' | 'drawn-before';

export interface Ball extends Partial<Place> {
  readonly ordinal: number;
  readonly code: string;
  readonly outcome: BallOutcome;
}

export interface CageRules {
  readonly list: EntryList;
  readonly places: readonly Place[];
  readonly struck: ReadonlySet<string>;
  readonly winsPerHolder: number | null;
  /** Codes that won before (replacement draws), vacated or not. */
  readonly won: ReadonlySet<string>;
  /** Wins that still stand, by holder (replacement draws). */
  readonly wins: ReadonlyMap<string, number>;
}

/** What stands in the rules of a physical draw in the place of other sources. */
export const CAGE: PlannedSource = {
  id: 'cage',
  kind: 'witness',
  description: 'Lồng cầu quay trước khán giả: từng số rút được',
  pattern: '^[0-9A-Z]{1,32}$',
};

/**
 * What becomes of the next number out of the cage: it takes the next place, or it is recorded and drawn again.
 * `wasIssued`: whether such a code was ever given out, on this list or not.
 */
export function outcomeOf(code: string, before: readonly Ball[], rules: CageRules, wasIssued: boolean): Ball {
  const { list, places, struck } = rules;
  const won = before.filter(({ outcome }) => outcome === 'wins');
  const ordinal = before.length + 1;
  const index = list.find(code);
  const at = (outcome: BallOutcome): Ball => ({ ordinal, code, outcome });
  if (index === undefined) return at(wasIssued ? 'not-listed' : 'never-issued');
  if (rules.won.has(code) || won.some((ball) => ball.code === code)) return at('drawn-before');
  if (struck.has(code)) return at('struck');
  if (isAtLimit(list.holder(index), won, rules)) return at('holder-limit');
  const place = places[won.length]!;
  return { ordinal, code, outcome: 'wins', prize: place.prize, place: place.place };
}

/** Whether no number that can still come out would win: all places are taken, or nobody is left. */
export function isCageOver(before: readonly Ball[], rules: CageRules): boolean {
  const { list, places, struck } = rules;
  const won = before.filter(({ outcome }) => outcome === 'wins');
  if (won.length >= places.length) return true;
  const codes = new Set([...rules.won, ...won.map(({ code }) => code)]);
  for (let index = 0; index < list.size; index++) {
    const code = list.code(index);
    if (!codes.has(code) && !struck.has(code) && !isAtLimit(list.holder(index), won, rules)) return false;
  }
  return true;
}

function isAtLimit(holder: string, won: readonly Ball[], rules: CageRules): boolean {
  const { list, winsPerHolder, wins } = rules;
  if (winsPerHolder === null) return false;
  const now = won.filter(({ code }) => list.holder(list.find(code)!) === holder).length;
  return (wins.get(holder) ?? 0) + now >= winsPerHolder;
}

/** What does not follow from the published list and the recorded numbers; empty means sound. */
export function cageFindings(balls: readonly Ball[], rules: CageRules): { code: string; where: string }[] {
  return balls.flatMap((ball, at) => {
    const issued = ball.outcome !== 'never-issued';
    const again = outcomeOf(ball.code, balls.slice(0, at), rules, issued);
    const same = again.outcome === ball.outcome && again.prize === ball.prize && again.place === ball.place;
    return same ? [] : [{ code: 'winner-differs', where: `ball ${ball.ordinal}` }];
  });
}
