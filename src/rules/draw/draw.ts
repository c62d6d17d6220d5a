import { documentHash } from './digest.js';
import {
  type Addendum,
  type DrawResult,
  type DrawRules,
  type Place,
  PROTOCOL,
  type Replacement,
  type Strike,
  type Winner,
} from './documents.js';
import type { EntryList } from './entries.js';
import { type Chance, orderOf } from './order.js';
import { seedOf } from './seed.js';
import { placesOf, walk, type WalkRules } from './walk.js';

/** The frozen list with the root its checkpoint published. */
export interface FrozenList {
  readonly list: EntryList;
  /** 64 hex digits: the Merkle root of the list. */
  readonly root: string;
}

export interface DrawInputs extends FrozenList {
  readonly rules: DrawRules;
  /** What each source gave, by id. */
  readonly values: ReadonlyMap<string, string>;
  readonly strikes: readonly Strike[];
}

/**
 * The draw, protocol §4 to §6: a function of published facts, so everyone computes the same result.
 * Throws RangeError when a source has no value or a document is not plain JSON.
 */
export function draw(inputs: DrawInputs, chance: Chance): DrawResult {
  const { rules, strikes } = inputs;
  return drawn(
    inputs,
    documentHash(rules, chance.hash),
    rules.sources,
    placesOf(rules.prizes),
    {
      winsPerHolder: rules.winsPerHolder,
      struck: new Set(strikes.map(({ code }) => code)),
    },
    chance,
  );
}

export interface ReplacementInputs extends DrawInputs {
  readonly addendum: Addendum;
  /** The draw and the replacements before this one, in order. */
  readonly result: DrawResult;
  readonly before: readonly Replacement[];
}

/**
 * A replacement draw, protocol §7: the same list, a later public seed, a walk from position 1 that passes over all
 * who won before. `values` are those of the addendum's sources, `strikes` those of the draw itself.
 */
export function replace(inputs: ReplacementInputs, chance: Chance): DrawResult {
  const { rules, addendum, before, result, strikes } = inputs;
  const { won, standing } = winnersAfter(result, before, addendum);
  const wins = new Map<string, number>();
  for (const { holder } of standing) wins.set(holder, (wins.get(holder) ?? 0) + 1);
  const struck = [
    ...strikes,
    ...before.flatMap(({ addendum: { strikes: more } }) => more),
    ...addendum.strikes,
  ];
  return drawn(
    inputs,
    documentHash(addendum, chance.hash),
    addendum.sources,
    addendum.vacancies,
    {
      winsPerHolder: rules.winsPerHolder,
      struck: new Set(struck.map(({ code }) => code)),
      won,
      wins,
    },
    chance,
  );
}

/**
 * Who won so far and whose win still stands. `upcoming` names vacancies that are declared and not yet drawn.
 * Precondition: replacements in order.
 */
export function winnersAfter(
  result: DrawResult,
  replacements: readonly Replacement[],
  upcoming?: Addendum,
): { won: Set<string>; standing: readonly Winner[] } {
  const won = new Set(result.winners.map(({ code }) => code));
  let standing = result.winners;
  for (const {
    addendum,
    result: { winners },
  } of replacements) {
    for (const { code } of winners) won.add(code);
    standing = [...without(standing, addendum.vacancies), ...winners];
  }
  return { won, standing: upcoming ? without(standing, upcoming.vacancies) : standing };
}

export const placeKey = ({ prize, place }: Place): string => `${prize}/${place}`;

function without(winners: readonly Winner[], vacancies: readonly Place[]): Winner[] {
  const vacant = new Set(vacancies.map(placeKey));
  return winners.filter((winner) => !vacant.has(placeKey(winner)));
}

function drawn(
  { rules, list, root, values }: DrawInputs,
  rulesHash: string,
  sources: DrawRules['sources'],
  places: readonly Place[],
  walkRules: WalkRules,
  chance: Chance,
): DrawResult {
  const size = list.size;
  const seed = seedOf({ rulesHash, root, size, sources, values }, chance.hash);
  const order = orderOf(rules.method, seed, list, lookedAt(places, walkRules), chance);
  const entryAt = (index: number) => ({ code: list.code(index), holder: list.holder(index) });
  const { winners, skipped } = walk(order, entryAt, places, walkRules);
  return { protocol: PROTOCOL, draw: rules.draw, rulesHash, root, size, seed, winners, skipped };
}

/** How many positions a walk will probably look at: more cost nothing but a second look. */
export function lookedAt(
  places: { readonly length: number },
  { struck, won }: Pick<WalkRules, 'struck' | 'won'>,
): number {
  return 2 * places.length + struck.size + (won?.size ?? 0) + 64;
}
