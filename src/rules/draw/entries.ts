import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { GrowingTree, type Hash, leafHash } from '../merkle/tree.js';
import type { Entry } from './documents.js';

/** First line of `entries.csv`, protocol §3. */
export const ENTRIES_HEADER = 'code,holder';

export const isCode = (text: string): boolean => /^[0-9A-Z]{1,32}$/.test(text);
export const isHex64 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** One line of the list without its LF: the data of one leaf. Throws RangeError when code or holder are malformed. */
export function entryLine({ code, holder }: Entry): string {
  if (!isCode(code)) throw new RangeError(`code ${code}: wanted 1 to 32 of 0-9 and A-Z`);
  if (!isHex64(holder)) throw new RangeError(`holder ${holder}: wanted 64 lower-case hex digits`);
  return `${code},${holder}`;
}

/** The exact text of `entries.csv`. Throws RangeError unless codes ascend and none comes twice. */
export function entriesText(entries: readonly Entry[]): string {
  entries.forEach((entry, at) => {
    const before = entries[at - 1];
    if (before && before.code >= entry.code)
      throw new RangeError(`code ${entry.code} after ${before.code}: wanted ascending codes, each once`);
  });
  return [ENTRIES_HEADER, ...entries.map(entryLine), ''].join('\n');
}

const COMMA = 44;
const LINE_FEED = 10;
const HOLDER_LENGTH = 64;

/**
 * The list as one run of bytes with the places where its lines end: 10 million entries in their own size plus
 * 40 MB, shareable between workers. Entries count from 0 here. Says nothing about whether lines are well-formed.
 */
export class EntryList {
  readonly size: number;

  /** `ends[i]` is where line i ends, its LF not counted; line 0 is the header. Both as `EntryList.of` makes them. */
  constructor(
    readonly bytes: Uint8Array,
    readonly ends: Uint32Array,
  ) {
    this.size = Math.max(0, ends.length - 1);
  }

  /** Splits at LF. A last line without LF counts as a line. Requires at most 2^32 − 1 bytes. */
  static of(bytes: Uint8Array): EntryList {
    if (bytes.length >= 2 ** 32) throw new RangeError(`a list of ${bytes.length} bytes: wanted below 2^32`);
    let lines = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
    const open = bytes.length > 0 && bytes.at(-1) !== LINE_FEED;
    const ends = new Uint32Array(lines + (open ? 1 : 0));
    let line = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) ends[line++] = at;
    if (open) ends[line] = bytes.length;
    return new EntryList(bytes, ends);
  }

  static from(entries: readonly Entry[]): EntryList {
    return EntryList.of(utf8ToBytes(entriesText(entries)));
  }

  /** The data of leaf `index`: the line without LF. A view, not a copy. */
  line(index: number): Uint8Array {
    return this.bytes.subarray(this.ends[index]! + 1, this.ends[index + 1]!);
  }

  /** Where the code of entry `index` ends: at its comma. */
  codeEnd(index: number): number {
    const end = this.ends[index + 1]!;
    const usual = end - HOLDER_LENGTH - 1;
    if (this.bytes[usual] === COMMA && usual > this.ends[index]!) return usual;
    const comma = this.line(index).indexOf(COMMA);
    return comma < 0 ? end : this.ends[index]! + 1 + comma;
  }

  codeStart(index: number): number {
    return this.ends[index]! + 1;
  }

  code(index: number): string {
    return this.#text(this.codeStart(index), this.codeEnd(index));
  }

  holder(index: number): string {
    return this.#text(this.codeEnd(index) + 1, this.ends[index + 1]!);
  }

  /** The index of a code by halving, or undefined. Requires a sorted list. */
  find(code: string): number | undefined {
    let [from, to] = [0, this.size];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.code(middle) < code) from = middle + 1;
      else to = middle;
    }
    return from < this.size && this.code(from) === code ? from : undefined;
  }

  /** Root and size of the Merkle tree, protocol §3. */
  root(hash: Hash = sha256): Uint8Array {
    const tree = new GrowingTree(hash);
    for (let index = 0; index < this.size; index++) tree.append(leafHash(this.line(index), hash));
    return tree.root();
  }

  #text(from: number, to: number): string {
    let text = '';
    for (let at = from; at < Math.min(to, from + 200); at++) text += String.fromCharCode(this.bytes[at]!);
    return text;
  }
}
