import type { Hash } from '../merkle/tree.js';
import type { Method } from './documents.js';
import type { EntryList } from './entries.js';
import { type Seedrandom, ShuffledOrder } from './shuffle.js';
import { TicketOrder } from './ticket.js';

/** The order of the entries, protocol §5: which entry of the list (from 0) stands at a position (from 1). */
export interface Order {
  /** Undefined behind the last position. */
  at(position: number): number | undefined;
}

/** What the order needs from outside. `hash` is SHA-256; `seedrandom` may be left out where only tickets are drawn. */
export interface Chance {
  readonly seedrandom?: Seedrandom;
  readonly hash?: Hash;
  /** First entries of the ticket order of a seed, if workers counted them beforehand. */
  readonly first?: ReadonlyMap<string, Uint32Array>;
}

/** The order that `method` and `seed` give the list. `wanted` is a hint how many positions will be looked at. */
export function orderOf(
  method: Method,
  seed: string,
  list: EntryList,
  wanted: number,
  chance: Chance,
): Order {
  if (method === 'ticket') return new TicketOrder(list, seed, wanted, chance);
  if (!chance.seedrandom) throw new RangeError('method seedrandom: wanted the generator');
  return new ShuffledOrder(seed, list.size, chance.seedrandom, wanted);
}
