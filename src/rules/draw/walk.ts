import type { Entry, Place, Prize, Skipped, SkipReason, Winner } from './documents.js';
import type { Order } from './order.js';

export interface WalkRules {
  /** null: no limit. */
  readonly winsPerHolder: number | null;
  /** Codes that may not win. */
  readonly struck: ReadonlySet<string>;
  /** Codes that won before (replacement draws). */
  readonly won?: ReadonlySet<string>;
  /** Wins that still stand, by holder (replacement draws). */
  readonly wins?: ReadonlyMap<string, number>;
}

export interface Walk {
  readonly winners: readonly Winner[];
  readonly skipped: readonly Skipped[];
}

/** The places in the order drawn: for each prize its places 1 … quantity. */
export function placesOf(prizes: readonly Prize[]): Place[] {
  return prizes.flatMap(({ id, quantity }) =>
    Array.from({ length: quantity }, (_, at) => ({ prize: id, place: at + 1 })),
  );
}

/**
 * Protocol §6 and §7: down the order from position 1, each place takes the next entry that nothing speaks against.
 * An entry passed over is passed over for good. When the order ends, the remaining places stay undrawn.
 */
export function walk(
  order: Order,
  entryAt: (index: number) => Entry,
  places: readonly Place[],
  rules: WalkRules,
): Walk {
  const wins = new Map(rules.wins);
  const winners: Winner[] = [];
  const skipped: Skipped[] = [];
  for (let position = 1; winners.length < places.length; position++) {
    const index = order.at(position);
    if (index === undefined) break;
    const { code, holder } = entryAt(index);
    const reason = reasonToSkip(code, wins.get(holder) ?? 0, rules);
    if (reason) {
      skipped.push({ position, code, reason });
      continue;
    }
    wins.set(holder, (wins.get(holder) ?? 0) + 1);
    const { prize, place } = places[winners.length]!;
    winners.push({ prize, place, code, holder, position });
  }
  return { winners, skipped };
}

function reasonToSkip(code: string, wins: number, rules: WalkRules): SkipReason | undefined {
  if (rules.won?.has(code)) return 'won';
  if (rules.struck.has(code)) return 'struck';
  return rules.winsPerHolder !== null && wins >= rules.winsPerHolder ? 'holder-limit' : undefined;
}
