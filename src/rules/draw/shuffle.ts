import type { Order } from './order.js';
import { demandSeed } from './ticket.js';

/** A running generator of npm `seedrandom` 3.x: `int32()` gives the next word, signed. */
export interface Generator {
  int32(): number;
}

/** The library, handed in. It must be called with the 64 hex digits of the seed and with nothing else. */
export type Seedrandom = (seed: string) => Generator;

const WORDS = 2 ** 32;

/**
 * A whole number from 0 to n − 1, every one equally likely: words at or above the last multiple of n are thrown
 * away (protocol §5). Requires 1 ≤ n ≤ 2^32; throws RangeError otherwise.
 */
export function below(generator: Generator, n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > WORDS) throw new RangeError(`below ${n}: wanted 1 ≤ n ≤ 2^32`);
  const fair = WORDS - (WORDS % n);
  for (;;) {
    const word = generator.int32() >>> 0;
    if (word < fair) return word % n;
  }
}

/**
 * Protocol §5, method `seedrandom`: a Fisher-Yates shuffle of 0 … size − 1 that computes only the positions looked
 * at. Time and memory grow with these, not with the size.
 */
export class ShuffledOrder implements Order {
  readonly #generator: Generator;
  readonly #moved: MovedEntries;
  #done: Uint32Array;
  #count = 0;

  /** The only door to the generator: throws RangeError unless the seed is 64 lower-case hex digits. */
  constructor(
    seed: string,
    private readonly size: number,
    seedrandom: Seedrandom,
    wanted = 16,
  ) {
    if (!Number.isInteger(size) || size < 0 || size >= WORDS)
      throw new RangeError(`a list of ${size}: wanted fewer than 2^32 entries`);
    this.#generator = seedrandom(demandSeed(seed));
    this.#moved = new MovedEntries(wanted);
    this.#done = new Uint32Array(Math.max(16, Math.min(wanted, size)));
  }

  at(position: number): number | undefined {
    if (position > this.size) return undefined;
    while (this.#count < position) this.#next();
    return this.#done[position - 1];
  }

  /** Position t takes what stands at t + below(N − t); what stood at t moves there. */
  #next(): void {
    const t = this.#count++;
    const taken = t + below(this.#generator, this.size - t);
    if (t >= this.#done.length) {
      const longer = new Uint32Array(Math.min(this.size, 2 * t));
      longer.set(this.#done);
      this.#done = longer;
    }
    this.#done[t] = this.#moved.get(taken);
    this.#moved.set(taken, this.#moved.get(t));
  }
}

/** Which entry stands at a position: its own number unless it was moved. A hash table in two typed arrays. */
class MovedEntries {
  /** Position + 1, so that 0 means a free slot. */
  #positions: Uint32Array;
  #entries: Uint32Array;
  #used = 0;

  constructor(wanted: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, wanted * 1.5)));
    this.#positions = new Uint32Array(slots);
    this.#entries = new Uint32Array(slots);
  }

  get(position: number): number {
    const slot = this.#slotOf(position);
    return this.#positions[slot] === 0 ? position : this.#entries[slot]!;
  }

  set(position: number, entry: number): void {
    const slot = this.#slotOf(position);
    if (this.#positions[slot] === 0) this.#used++;
    this.#positions[slot] = position + 1;
    this.#entries[slot] = entry;
    if (this.#used > this.#positions.length * 0.75) this.#grow();
  }

  #slotOf(position: number): number {
    const mask = this.#positions.length - 1;
    let slot = Math.imul(position, 0x9e3779b1) >>> Math.clz32(mask);
    while (this.#positions[slot] !== 0 && this.#positions[slot] !== position + 1) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [positions, entries] = [this.#positions, this.#entries];
    this.#positions = new Uint32Array(2 * positions.length);
    this.#entries = new Uint32Array(2 * positions.length);
    this.#used = 0;
    positions.forEach((position, slot) => {
      if (position !== 0) this.set(position - 1, entries[slot]!);
    });
  }
}
