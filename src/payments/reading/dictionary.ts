import { isPlain, sameBytes } from './bytes.js';
import { FileFault } from './file-fault.js';

const MOST_VALUES = 200_000;

/** A value that repeats in a column, kept once with what we know of it. */
export interface Word<T> {
  readonly hash: number;
  readonly raw: Buffer;
  readonly text: string;
  readonly bytes: Buffer;
  readonly known: T;
  /** Holds no control character. */
  readonly isPlain: boolean;
}

/** Length, first, middle and last three bytes: enough for the words of a column, which are compared byte by byte anyway. */
function hashOfEnds(bytes: Buffer, from: number, to: number): number {
  if (to === from) return 0;
  const middle = (from + to) >>> 1;
  const head = (bytes[from]! << 16) | (bytes[middle]! << 8) | bytes[to - 1]!;
  const tail = to - from > 3 ? (bytes[to - 3]! << 8) | bytes[to - 2]! : 0;
  const mixed = Math.imul(head, 0x9e3779b1) ^ Math.imul(tail + ((to - from) << 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** The different values of one column: bytes in, the same word out, without making a string again. */
export class Dictionary<T> {
  private slots: (Word<T> | undefined)[] = Array.from<undefined>({ length: 1024 }).fill(undefined);
  private size = 0;

  constructor(private readonly know: (text: string) => T) {}

  at(bytes: Buffer, from: number, to: number): Word<T> {
    const hash = hashOfEnds(bytes, from, to);
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const word = slots[slot];
      if (word === undefined) break;
      if (
        word.hash === hash &&
        word.raw.length === to - from &&
        sameBytes(word.raw, 0, bytes, from, to - from)
      )
        return word;
      slot = (slot + 1) & mask;
    }
    return this.learn(hash, slot, Buffer.from(bytes.subarray(from, to)));
  }

  private learn(hash: number, slot: number, raw: Buffer): Word<T> {
    if (++this.size > MOST_VALUES) throw new FileFault('too-many-values', { most: MOST_VALUES });
    const text = raw.toString('utf8').normalize('NFC').trim();
    const plain = isPlain(raw, 0, raw.length);
    const word = { hash, raw, text, bytes: Buffer.from(text), known: this.know(text), isPlain: plain };
    this.slots[slot] = word;
    if (this.size * 2 > this.slots.length) this.rehash();
    return word;
  }

  private rehash(): void {
    const words = this.slots.filter((word) => word !== undefined);
    const slots = Array.from<Word<T> | undefined>({ length: this.slots.length * 2 }).fill(undefined);
    for (const word of words) {
      let slot = word.hash & (slots.length - 1);
      while (slots[slot] !== undefined) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = word;
    }
    this.slots = slots;
  }
}
