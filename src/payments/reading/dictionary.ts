import { hashBytes, sameBytes } from './bytes.js';
import { FileFault } from './file-fault.js';

const MOST_VALUES = 200_000;

/** A value that repeats in a column, kept once with what we know of it. */
export interface Word<T> {
  readonly raw: Buffer;
  readonly text: string;
  readonly bytes: Buffer;
  readonly known: T;
}

/** The different values of one column: bytes in, the same word out, without making a string again. */
export class Dictionary<T> {
  private readonly words = new Map<number, Word<T>[]>();
  private size = 0;
  private last: Word<T> | null = null;

  constructor(private readonly know: (text: string) => T) {}

  at(bytes: Buffer, from: number, to: number): Word<T> {
    const { last } = this;
    if (last && last.raw.length === to - from && sameBytes(last.raw, 0, bytes, from, to - from)) return last;
    const hash = hashBytes(bytes, from, to);
    const found = this.words
      .get(hash)
      ?.find((word) => word.raw.length === to - from && sameBytes(word.raw, 0, bytes, from, to - from));
    return (this.last = found ?? this.learn(hash, Buffer.from(bytes.subarray(from, to))));
  }

  private learn(hash: number, raw: Buffer): Word<T> {
    if (++this.size > MOST_VALUES) throw new FileFault('too-many-values', { most: MOST_VALUES });
    const text = raw.toString('utf8').normalize('NFC').trim();
    const word = { raw, text, bytes: Buffer.from(text), known: this.know(text) };
    const same = this.words.get(hash);
    if (same) same.push(word);
    else this.words.set(hash, [word]);
    return word;
  }
}
