import { hash } from 'node:crypto';
import type { EntryList } from '../rules/draw/entries.js';
import { Smallest } from '../rules/draw/ticket.js';
import type { Hash } from '../rules/merkle/tree.js';
import { lanes } from './sha256-lanes.js';

/**
 * The two bulk sums of a draw with Node's SHA-256: roots of the list, smallest numbers. Digests come out as latin1 text,
 * which costs half of a Buffer per digest.
 */
export const CHUNK_LEVEL = 16;
export const CHUNK = 2 ** CHUNK_LEVEL;

const DIGEST = 32;
const STEP = 1 << 13;
const LONGEST = 4096;

/** Node's SHA-256 for single calls. */
export const nodeHash: Hash = (message) => hash('sha256', message, 'buffer');

/** `views[n]` are the first n bytes of one scratch buffer: a view per length, made once. */
const scratch = Buffer.alloc(LONGEST);
const views: Buffer[] = [];
const scratchOf = (length: number) => (views[length] ??= scratch.subarray(0, length));

/** The root over the leaves `from` … `to` (half-open), at most CHUNK of them, at least one. */
export function chunkRoot(list: EntryList, from: number, to: number): Uint8Array {
  return lanes()?.root(list, from, to) ?? plainRoot(list, from, to);
}

/** The same, one digest at a time: for lines that are no entries, and where there are no lanes. */
export function plainRoot(list: EntryList, from: number, to: number): Uint8Array {
  const count = to - from;
  const level = Buffer.allocUnsafe(count * DIGEST);
  for (let index = from; index < to; index++) leafInto(list, index, level, (index - from) * DIGEST);
  scratch[0] = 1;
  const node = scratchOf(1 + 2 * DIGEST);
  for (let length = count; length > 1;) {
    const pairs = length >> 1;
    for (let pair = 0; pair < pairs; pair++) {
      level.copy(scratch, 1, pair * 2 * DIGEST, (pair + 1) * 2 * DIGEST);
      level.write(hash('sha256', node, 'binary'), pair * DIGEST, 'latin1');
    }
    if (length % 2 === 1) level.copyWithin(pairs * DIGEST, (length - 1) * DIGEST, length * DIGEST);
    length = pairs + (length % 2);
  }
  return Uint8Array.from(level.subarray(0, DIGEST));
}

function leafInto(list: EntryList, index: number, level: Buffer, at: number): void {
  const line = list.line(index);
  if (line.length >= LONGEST) {
    level.set(nodeHash(Buffer.concat([Uint8Array.of(0), line])), at);
    return;
  }
  scratch[0] = 0;
  scratch.set(line, 1);
  level.write(hash('sha256', scratchOf(line.length + 1), 'binary'), at, 'latin1');
}

/** As `smallest` of the rules, many times faster: numbers that cannot be among the smallest are never copied. */
export function smallestOf(
  list: EntryList,
  seed: string,
  wanted: number,
  from: number,
  to: number,
): Smallest {
  const kept = new Smallest(wanted);
  for (let start = from; start < to; start += STEP) {
    const end = Math.min(start + STEP, to);
    const numbers = lanes()?.tickets(list, seed, start, end);
    if (numbers) offerAll(kept, numbers, start);
    else offerEach(kept, list, seed, start, end);
  }
  return kept;
}

/** Numbers of consecutive entries, 32 bytes each. */
function offerAll(kept: Smallest, numbers: Uint8Array, first: number): void {
  const view = new DataView(numbers.buffer, numbers.byteOffset);
  for (let at = 0; at < numbers.length; at += DIGEST) {
    if (view.getUint32(at) * 65_536 + view.getUint16(at + 4) > kept.ceiling) continue;
    kept.offer(first + at / DIGEST, numbers.subarray(at, at + DIGEST));
  }
}

/** The same, one digest at a time. */
export function offerEach(kept: Smallest, list: EntryList, seed: string, from: number, to: number): void {
  scratch.write(`${seed}:`, 'latin1');
  const { bytes } = list;
  for (let index = from; index < to; index++) {
    const start = list.codeStart(index);
    const end = Math.min(list.codeEnd(index), start + 256);
    for (let at = start; at < end; at++) scratch[65 + at - start] = bytes[at]!;
    const number = hash('sha256', scratchOf(65 + end - start), 'binary');
    if (leading(number) <= kept.ceiling) kept.offer(index, Buffer.from(number, 'latin1'));
  }
}

const leading = (text: string) =>
  text.charCodeAt(0) * 2 ** 40 +
  text.charCodeAt(1) * 2 ** 32 +
  text.charCodeAt(2) * 2 ** 24 +
  text.charCodeAt(3) * 2 ** 16 +
  text.charCodeAt(4) * 2 ** 8 +
  text.charCodeAt(5);
