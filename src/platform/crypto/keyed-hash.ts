import { createHash } from 'node:crypto';
import { compress, START } from './sha256-block.js';

const BLOCK = 64;
const DIGEST = 32;
const W = new Int32Array(64);

/**
 * HMAC-SHA-256 (RFC 2104) of many short texts under one key. What the key does to the two hashes is worked out once, so
 * that a text of up to 55 bytes costs two blocks instead of four, and no object.
 */
export class KeyedHash {
  private readonly inner: Int32Array;
  private readonly outer: Int32Array;
  private readonly state = new Int32Array(8);

  constructor(key: Uint8Array) {
    const short = key.length > BLOCK ? createHash('sha256').update(key).digest() : key;
    this.inner = begun(short, 0x36363636);
    this.outer = begun(short, 0x5c5c5c5c);
  }

  /** Writes the 32 bytes for the text in `memory` (half-open range) to `target`. */
  write(memory: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
    const { state } = this;
    copy(this.inner, state);
    let place = from;
    for (; to - place >= BLOCK; place += BLOCK) {
      words(memory, place, place + BLOCK);
      compress(W, state, 0);
    }
    const left = to - place;
    words(memory, place, to);
    W[left >> 2]! |= 0x80 << (24 - (left & 3) * 8);
    if (left > BLOCK - 9) {
      compress(W, state, 0);
      clear(0);
    }
    W[15] = (BLOCK + to - from) * 8;
    compress(W, state, 0);
    this.finish(target, at);
  }

  private finish(target: Uint8Array, at: number): void {
    const { state } = this;
    copy(state, W);
    clear(8);
    W[8] = 0x80 << 24;
    W[15] = (BLOCK + DIGEST) * 8;
    copy(this.outer, state);
    compress(W, state, 0);
    for (let word = 0; word < 8; word++) {
      const value = state[word]!;
      target[at++] = value >>> 24;
      target[at++] = value >>> 16;
      target[at++] = value >>> 8;
      target[at++] = value;
    }
  }
}

/** The state after the block of the key, each word of it crossed with `pad`. */
function begun(key: Uint8Array, pad: number): Int32Array {
  const state = new Int32Array(START);
  words(key, 0, key.length);
  for (let word = 0; word < 16; word++) W[word]! ^= pad;
  compress(W, state, 0);
  return state;
}

/** Up to 64 bytes as the words of a block, zeros behind them. */
function words(memory: Uint8Array, from: number, to: number): void {
  let word = 0;
  let at = from;
  for (; at + 4 <= to; at += 4)
    W[word++] = (memory[at]! << 24) | (memory[at + 1]! << 16) | (memory[at + 2]! << 8) | memory[at + 3]!;
  clear(word);
  for (let shift = 24; at < to; shift -= 8) W[word]! |= memory[at++]! << shift;
}

/** Eight words; for so few a loop is faster than `set`. */
function copy(source: Int32Array, target: Int32Array): void {
  for (let word = 0; word < 8; word++) target[word] = source[word]!;
}

function clear(from: number): void {
  for (let word = from; word < 16; word++) W[word] = 0;
}
