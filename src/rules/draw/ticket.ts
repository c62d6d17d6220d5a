import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hash } from '../merkle/tree.js';
import { type EntryList, isHex64 } from './entries.js';
import type { Chance, Order } from './order.js';

/** A lucky code with its number: the smallest numbers win. */
export interface Ticket {
  readonly code: string;
  /** 64 hex digits. */
  readonly number: string;
}

/** Protocol §5: `SHA-256("<seed>:<code>")` in hex. `echo -n "<seed>:<code>" | sha256sum` says the same. */
export function ticketOf(seed: string, code: string, hash: Hash = sha256): Ticket {
  demandSeed(seed);
  return { code, number: bytesToHex(hash(utf8ToBytes(`${seed}:${code}`))) };
}

/** Ascending by number, equal numbers (never seen) by code. Lists of several provinces merge by this order alone. */
export function compareTickets(a: Ticket, b: Ticket): number {
  return compareText(a.number, b.number) || compareText(a.code, b.code);
}

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Protocol §5, method `ticket`. Computes every number, but keeps only the smallest `wanted`; asked for a later
 * position it goes over the list again and keeps twice as many.
 * `chance.first` names entries known to come first, in order, when workers have already done the counting.
 */
export class TicketOrder implements Order {
  #first: Uint32Array;

  constructor(
    private readonly list: EntryList,
    private readonly seed: string,
    wanted: number,
    private readonly chance: Pick<Chance, 'hash' | 'first'> = {},
  ) {
    demandSeed(seed);
    this.#first = chance.first?.get(seed) ?? this.#smallest(Math.min(wanted, list.size));
  }

  at(position: number): number | undefined {
    if (position > this.list.size) return undefined;
    if (position > this.#first.length) {
      const wanted = Math.min(Math.max(position, 2 * this.#first.length), this.list.size);
      this.#first = this.#smallest(wanted);
    }
    return this.#first[position - 1];
  }

  #smallest(wanted: number): Uint32Array {
    return smallest(this.list, this.seed, wanted, this.chance.hash).indexes();
  }
}

/** The smallest `wanted` tickets among the entries `from` … `to` (half-open) of the list. */
export function smallest(
  list: EntryList,
  seed: string,
  wanted: number,
  hash: Hash = sha256,
  from = 0,
  to = list.size,
): Smallest {
  const kept = new Smallest(wanted);
  const message = new Uint8Array(65 + 256);
  message.set(utf8ToBytes(`${demandSeed(seed)}:`));
  for (let index = from; index < to; index++) {
    const code = list.bytes.subarray(
      list.codeStart(index),
      Math.min(list.codeEnd(index), list.codeStart(index) + 256),
    );
    message.set(code, 65);
    kept.offer(index, hash(message.subarray(0, 65 + code.length)));
  }
  return kept;
}

/** The `wanted` smallest of many 32-byte numbers, in memory for twice as many. Equal numbers: the lower index. */
export class Smallest {
  #kept: { index: number; number: Uint8Array }[] = [];
  /** No number whose first six bytes are above this can still be among the smallest. */
  #ceiling = Infinity;

  constructor(private readonly wanted: number) {}

  /** Numbers whose first six bytes, big-endian, are above this need not be offered. */
  get ceiling(): number {
    return this.#ceiling;
  }

  offer(index: number, number: Uint8Array): void {
    if (leading(number) > this.#ceiling) return;
    this.#kept.push({ index, number: number.slice() });
    if (this.#kept.length >= 2 * this.wanted + 64) this.#cut();
  }

  /** Ascending. A list is sorted by code, so the lower index of two equal numbers is the lower code. */
  indexes(): Uint32Array {
    this.#cut();
    return Uint32Array.from(this.#kept, ({ index }) => index);
  }

  /** What is kept, ascending: several parts of one list are joined by offering them to one more `Smallest`. */
  entries(): readonly { readonly index: number; readonly number: Uint8Array }[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept.sort((a, b) => compareNumbers(a.number, b.number) || a.index - b.index);
    this.#kept.length = Math.min(this.#kept.length, this.wanted);
    const last = this.#kept.at(-1);
    if (last && this.#kept.length === this.wanted) this.#ceiling = leading(last.number);
  }
}

const leading = (number: Uint8Array) =>
  (((number[0]! * 256 + number[1]!) * 256 + number[2]!) * 256 + number[3]!) * 65536 +
  number[4]! * 256 +
  number[5]!;

function compareNumbers(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < 32; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return 0;
}

/** Throws RangeError unless the seed is 64 lower-case hex digits. */
export function demandSeed(seed: string): string {
  if (typeof seed !== 'string' || !isHex64(seed))
    throw new RangeError('the seed: wanted 64 lower-case hex digits');
  return seed;
}
