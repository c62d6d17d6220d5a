import { compress, START } from '../platform/crypto/sha256-block.js';
import type { EntryList } from '../rules/draw/entries.js';
import { Smallest } from '../rules/draw/ticket.js';

/**
 * The two bulk sums of a draw in plain JavaScript, for browsers: SHA-256 over words in memory that is made once, so that a
 * digest costs its rounds and nothing else. Several times faster than one call of a library for each.
 */

const W = new Int32Array(64);

/** Longer lines are no entries; they go the slow way. */
const LONGEST = 4096;
const scratch = new Uint8Array(LONGEST + 72);

/** The first `length` bytes of scratch, padded, onto the state at `at`, which has taken in `before` bytes already. */
function finish(state: Int32Array, at: number, before: number, length: number): void {
  const blocks = (length + 72) >> 6;
  scratch[length] = 0x80;
  scratch.fill(0, length + 1, blocks * 64);
  for (let block = 0; block < blocks; block++) {
    wordsOf(scratch, block * 64);
    if (block === blocks - 1) W[15] = (before + length) * 8;
    compress(W, state, at);
  }
}

/** The Merkle root over the leaves `from` … `to` (half-open, at least one); undefined when a line is no entry. */
export function wordsRoot(list: EntryList, from: number, to: number): Uint8Array | undefined {
  const { bytes, ends } = list;
  const level = new Int32Array((to - from) * 8);
  for (let index = from; index < to; index++) {
    const [start, end] = [ends[index]! + 1, ends[index + 1]!];
    if (end - start >= LONGEST) return undefined;
    scratch[0] = 0;
    for (let at = start; at < end; at++) scratch[at - start + 1] = bytes[at]!;
    level.set(START, (index - from) * 8);
    finish(level, (index - from) * 8, 0, end - start + 1);
  }
  for (let length = to - from; length > 1; length = (length >> 1) + (length & 1)) {
    for (let pair = 0; pair < length >> 1; pair++) node(level, pair * 16, pair * 8);
    if (length & 1) level.copyWithin((length >> 1) * 8, (length - 1) * 8, length * 8);
  }
  return bytesOf(level);
}

const joined = new Int32Array(8);

/** H(01 || left || right) of the two digests at `from`, written to `to`: everything is one byte further right. */
function node(level: Int32Array, from: number, to: number): void {
  W[0] = 0x01000000 | (level[from]! >>> 8);
  for (let i = 1; i < 16; i++) W[i] = (level[from + i - 1]! << 24) | (level[from + i]! >>> 8);
  const last = level[from + 15]!;
  joined.set(START);
  compress(W, joined, 0);
  W.fill(0, 0, 16);
  W[0] = (last << 24) | 0x00800000;
  W[15] = 65 * 8;
  compress(W, joined, 0);
  level.set(joined, to);
}

/** The digits of a seed fill one block exactly: what is left of a ticket is one block, the colon and the code. */
export function wordsSmallest(
  list: EntryList,
  seed: string,
  wanted: number,
  progress: (done: number) => void,
): Smallest {
  const [kept, begun, state] = [new Smallest(wanted), new Int32Array(START), new Int32Array(8)];
  for (let i = 0; i < 16; i++)
    W[i] = [0, 1, 2, 3].reduce((word, byte) => (word << 8) | seed.charCodeAt(i * 4 + byte), 0);
  compress(W, begun, 0);
  scratch[0] = 58;
  for (let index = 0; index < list.size; index++) {
    if (index % 16_384 === 0) progress(index);
    const start = list.codeStart(index);
    const end = Math.min(list.codeEnd(index), start + 256);
    for (let at = start; at < end; at++) scratch[at - start + 1] = list.bytes[at]!;
    state.set(begun);
    finish(state, 0, 64, end - start + 1);
    if ((state[0]! >>> 0) * 65_536 + (state[1]! >>> 16) <= kept.ceiling) kept.offer(index, bytesOf(state));
  }
  return kept;
}

function bytesOf(words: Int32Array): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) view.setInt32(i * 4, words[i]!);
  return bytes;
}

function wordsOf(bytes: Uint8Array, from: number): void {
  for (let i = 0, byte = from; i < 16; i++, byte += 4)
    W[i] = (bytes[byte]! << 24) | (bytes[byte + 1]! << 16) | (bytes[byte + 2]! << 8) | bytes[byte + 3]!;
}
