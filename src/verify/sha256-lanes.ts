import { hash } from 'node:crypto';
import { EntryList } from '../rules/draw/entries.js';
import { LANES_CODE } from './sha256-lanes.code.js';

/** As much of it as is used here; Node's types leave it to those of browsers. */
declare const WebAssembly: {
  validate(code: Uint8Array): boolean;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

interface Code {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapBase(): number;
  leaves(data: number, starts: number, ends: number, count: number, out: number): void;
  level(from: number, count: number, to: number): number;
  seed(at: number): void;
  tickets(data: number, starts: number, ends: number, count: number, out: number): void;
}

const DIGEST = 32;
/** Longest leaf and longest code that the lanes take; a well-formed line has 97 bytes at most, a code 32. */
const MOST_LEAF = 118;
const MOST_CODE = 46;
const MOST_ENTRIES = 1 << 16;

/**
 * SHA-256 of four entries at once, three to five times the speed of one call each. Node only: the policy of our pages
 * forbids WebAssembly. Made by `lanes()`.
 */
export class Lanes {
  readonly #code: Code;
  readonly #data: number;
  readonly #from: number;
  readonly #to: number;
  readonly #out: number;
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;

  constructor(code: Code) {
    this.#code = code;
    this.#data = (code.heapBase() + 63) & ~63;
    this.#from = this.#data + MOST_ENTRIES * (MOST_LEAF + 2);
    this.#to = this.#from + 4 * (MOST_ENTRIES + 16);
    this.#out = this.#to + 4 * (MOST_ENTRIES + 16);
    const missing =
      Math.ceil((this.#out + MOST_ENTRIES * DIGEST) / 65_536) - code.memory.buffer.byteLength / 65_536;
    if (missing > 0) code.memory.grow(missing);
    this.#bytes = new Uint8Array(code.memory.buffer);
    this.#words = new Uint32Array(code.memory.buffer);
  }

  /** The root over leaves `from` … `to`; undefined when one of them is too long. At most 2^16 leaves. */
  root(list: EntryList, from: number, to: number): Uint8Array | undefined {
    const placed = this.#place(list, from, to, MOST_LEAF, (index) => list.ends[index + 1]!);
    if (!placed) return undefined;
    this.#code.leaves(this.#data, this.#from, this.#to, to - from, this.#out);
    for (let length = to - from; length > 1;) length = this.#code.level(this.#out, length, this.#out);
    return this.#bytes.slice(this.#out, this.#out + DIGEST);
  }

  /** The numbers of the entries `from` … `to`, 32 bytes each, in a view that lives until the next call. */
  tickets(list: EntryList, seed: string, from: number, to: number): Uint8Array | undefined {
    this.#bytes.set(Buffer.from(seed, 'latin1'), this.#data);
    this.#code.seed(this.#data);
    if (!this.#place(list, from, to, MOST_CODE, (index) => list.codeEnd(index))) return undefined;
    this.#code.tickets(this.#data, this.#from, this.#to, to - from, this.#out);
    return this.#bytes.subarray(this.#out, this.#out + (to - from) * DIGEST);
  }

  /** Puts the entries where the code reads them, with the place where each begins and ends. */
  #place(list: EntryList, from: number, to: number, most: number, endOf: (index: number) => number): boolean {
    const first = list.codeStart(from);
    const last = list.ends[to]!;
    if (to - from > MOST_ENTRIES || last - first > MOST_ENTRIES * (MOST_LEAF + 2)) return false;
    const [begins, ends] = [this.#from >> 2, this.#to >> 2];
    for (let index = from; index < to; index++) {
      const [start, end] = [list.codeStart(index), endOf(index)];
      if (end - start > most) return false;
      this.#words[begins + index - from] = start - first;
      this.#words[ends + index - from] = end - first;
    }
    this.#bytes.set(list.bytes.subarray(first, last), this.#data);
    return true;
  }
}

let made: Lanes | null | undefined;

/** The lanes of this thread, or undefined where WebAssembly SIMD is missing or does not agree with Node's SHA-256. */
export function lanes(): Lanes | undefined {
  if (made === undefined) made = compiled();
  return made ?? undefined;
}

function compiled(): Lanes | null {
  const bytes = Buffer.from(LANES_CODE, 'base64');
  if (!WebAssembly.validate(bytes)) return null;
  const abort = () => {
    throw new Error('the lanes stopped');
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { abort } });
  const fresh = new Lanes(exports as Code);
  return agrees(fresh) ? fresh : null;
}

/** Leaves, nodes and tickets of a small list, by the lanes and by Node. */
function agrees(fresh: Lanes): boolean {
  const sha = (...parts: (string | Uint8Array)[]) =>
    hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part))), 'buffer');
  const lines = Array.from({ length: 7 }, (_, at) => `${'7'.repeat(at * 5 + 1)},${'ab'.repeat(32)}`);
  const bytes = Buffer.from(['code,holder', ...lines, ''].join('\n'));
  const list = EntryList.of(bytes);
  let level = lines.map((line) => sha(Uint8Array.of(0), line));
  while (level.length > 1)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
      const [left, right] = [level[2 * at]!, level[2 * at + 1]];
      return right ? sha(Uint8Array.of(1), left, right) : left;
    });
  const seed = 'c0'.repeat(32);
  const numbers = Buffer.concat(lines.map((line) => sha(`${seed}:${line.split(',')[0]}`)));
  const tickets = fresh.tickets(list, seed, 0, lines.length)?.slice();
  return (
    level[0]!.equals(fresh.root(list, 0, lines.length) ?? Buffer.of()) &&
    numbers.equals(tickets ?? Buffer.of())
  );
}
