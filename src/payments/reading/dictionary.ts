import { hashBytes, isPlain, sameBytes } from './bytes.js';
import { FileFault } from './file-fault.js';

const MOST_VALUES = 200_000;

/** A value that repeats in a column, kept once with what we know of it. */
export interface Word<T> {
  readonly text: string;
  readonly bytes: Buffer;
  readonly known: T;
  /** Holds no control character. */
  readonly isPlain: boolean;
}

/** The different values of one column: bytes in, the same word out, without making a string again. */
export class Dictionary<T> {
  private readonly words: Word<T>[] = [];
  /** Pairs of hash and number of the word plus one (0: a free place). */
  private table = new Int32Array(2 * 1024);
  /** The values as they came, one behind the other; each begins where `starts` says and ends where the next begins. */
  private values = Buffer.alloc(1 << 14);
  private starts = new Int32Array(512);

  constructor(private readonly know: (text: string) => T) {}

  at(bytes: Buffer, from: number, to: number): Word<T> {
    const hash = hashBytes(bytes, from, to);
    const { table, starts, values } = this;
    const mask = table.length - 2;
    let slot = (hash << 1) & mask;
    for (; table[slot + 1] !== 0; slot = (slot + 2) & mask) {
      if (table[slot] !== hash) continue;
      const word = table[slot + 1]! - 1;
      const start = starts[word]!;
      if (starts[word + 1]! - start === to - from && sameBytes(values, start, bytes, from, to - from))
        return this.words[word]!;
    }
    return this.learn(hash, slot, bytes.subarray(from, to));
  }

  private learn(hash: number, slot: number, raw: Buffer): Word<T> {
    const size = this.words.length + 1;
    if (size > MOST_VALUES) throw new FileFault('too-many-values', { most: MOST_VALUES });
    const text = raw.toString('utf8').normalize('NFC').trim();
    const plain = isPlain(raw, 0, raw.length);
    const word = { text, bytes: Buffer.from(text), known: this.know(text), isPlain: plain };
    this.words.push(word);
    this.table[slot] = hash;
    this.table[slot + 1] = size;
    this.keep(size, raw);
    if (size * 4 > this.table.length) this.rehash();
    return word;
  }

  private keep(size: number, raw: Buffer): void {
    const start = this.starts[size - 1]!;
    const end = start + raw.length;
    if (end > this.values.length) this.values = Buffer.concat([this.values, Buffer.alloc(end)]);
    if (size === this.starts.length) {
      const longer = new Int32Array(size * 2);
      longer.set(this.starts);
      this.starts = longer;
    }
    this.values.set(raw, start);
    this.starts[size] = end;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 2;
    for (let at = 0; at < this.table.length; at += 2) {
      if (this.table[at + 1] === 0) continue;
      let slot = (this.table[at]! << 1) & mask;
      while (table[slot + 1] !== 0) slot = (slot + 2) & mask;
      table.set(this.table.subarray(at, at + 2), slot);
    }
    this.table = table;
  }
}
