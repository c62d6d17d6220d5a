import { type Cipher, createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

export const NONCE = 12;
export const TAG = 16;
const BLOCK = 16;

/** Texts in one memory that are sealed or opened together: before each stands its nonce, behind it its tag, or room for it. */
export interface Texts {
  readonly memory: Buffer;
  /** Where each text begins. */
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
  readonly count: number;
}

/**
 * AES-256-GCM (NIST SP 800-38D) over many short texts at once, in place, each with its own nonce and tag. OpenSSL enciphers
 * the counters of all of them in one call, because an object of `node:crypto` for each costs ten times the cipher; the
 * tags are worked out here. One text of every call is opened again by `node:crypto` before any is handed over.
 */
export class GcmBatch {
  private readonly blocks: Cipher;
  private readonly product: Product;
  /** The sum over what is authenticated but not sealed, where every tag begins. */
  private readonly begun: Readonly<Words>;
  private counters = Buffer.alloc(0);

  constructor(
    private readonly key: KeyObject,
    private readonly clear: Buffer,
  ) {
    this.blocks = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.product = new Product(this.blocks.update(Buffer.alloc(BLOCK)));
    this.product.reset();
    this.product.add(clear, 0, clear.length);
    this.begun = this.product.sum;
  }

  /** @throws Error when what was sealed cannot be opened. */
  seal(texts: Texts): void {
    const { memory, starts, lengths, count } = texts;
    if (count === 0) return;
    const probe = count >>> 1;
    const expected = Buffer.from(memory.subarray(starts[probe], starts[probe]! + lengths[probe]!));
    this.each(texts, (start, length, stream, at) => {
      encipher(memory, start, length, stream, at + BLOCK);
      const tag = this.tagOf(memory, start, length, stream, at);
      for (let word = 0; word < 4; word++) memory.writeInt32BE(tag[word]!, start + length + word * 4);
    });
    const opened = this.opened(memory, starts[probe]!, lengths[probe]!);
    if (!opened.equals(expected)) throw new Error('sealed texts cannot be opened again');
  }

  /** Opens texts where they stand. @throws Error when one of them, or its tag, was altered. */
  open(texts: Texts): void {
    const { memory } = texts;
    this.each(texts, (start, length, stream, at) => {
      const tag = this.tagOf(memory, start, length, stream, at);
      let altered = 0;
      for (let word = 0; word < 4; word++)
        altered |= tag[word]! ^ memory.readInt32BE(start + length + word * 4);
      if (altered !== 0) throw new Error('sealed data were altered');
      encipher(memory, start, length, stream, at + BLOCK);
    });
  }

  /** Hands over each text with the blocks for it: that of its tag at `at`, those of the text behind. */
  private each(
    texts: Texts,
    work: (start: number, length: number, stream: Buffer, at: number) => void,
  ): void {
    const stream = this.blocks.update(this.countersOf(texts));
    let at = 0;
    for (let text = 0; text < texts.count; text++) {
      const length = texts.lengths[text]!;
      work(texts.starts[text]!, length, stream, at);
      at += BLOCK + Math.ceil(length / BLOCK) * BLOCK;
    }
  }

  /** The blocks to encipher, text by text: nonce and 1 for the tag, nonce and 2, 3, … for the text. */
  private countersOf({ memory, starts, lengths, count }: Texts): Buffer {
    let blocks = 0;
    for (let text = 0; text < count; text++) blocks += 1 + Math.ceil(lengths[text]! / BLOCK);
    if (this.counters.length < blocks * BLOCK) this.counters = Buffer.alloc(blocks * BLOCK * 2);
    const { counters } = this;
    let at = 0;
    for (let text = 0; text < count; text++) {
      const nonce = starts[text]! - NONCE;
      const last = 1 + Math.ceil(lengths[text]! / BLOCK);
      for (let number = 1; number <= last; number++) {
        for (let place = 0; place < NONCE; place++) counters[at + place] = memory[nonce + place]!;
        at = counters.writeUInt32BE(number, at + NONCE);
      }
    }
    return counters.subarray(0, at);
  }

  /** The tag of what is sealed, as four words. */
  private tagOf(memory: Buffer, start: number, length: number, stream: Buffer, mask: number): Words {
    const { product } = this;
    product.reset(this.begun);
    product.add(memory, start, start + length);
    product.addLengths(this.clear.length, length);
    const { sum } = product;
    for (let word = 0; word < 4; word++) sum[word]! ^= stream.readInt32BE(mask + word * 4);
    return sum;
  }

  private opened(memory: Buffer, start: number, length: number): Buffer {
    const end = start + length;
    const decipher = createDecipheriv('aes-256-gcm', this.key, memory.subarray(start - NONCE, start))
      .setAAD(this.clear)
      .setAuthTag(memory.subarray(end, end + TAG));
    return Buffer.concat([decipher.update(memory.subarray(start, end)), decipher.final()]);
  }
}

/** Changes text into what is sealed, and back. */
function encipher(memory: Buffer, start: number, length: number, stream: Buffer, from: number): void {
  for (let place = 0; place < length; place++) memory[start + place]! ^= stream[from + place]!;
}

/**
 * GHASH: a running sum of blocks, multiplied by the hash key in GF(2^128) after each. By tables of all bytes (section 4.1
 * of McGrew and Viega, "The Galois/Counter Mode of Operation"); the first bit of a block is the constant term.
 */
class Product {
  /** The hash key times each byte that can stand first in a block, four words each. */
  private readonly times = new Int32Array(256 * 4);
  /** What comes back in at the top for each byte that is pushed out at the bottom. */
  private readonly folded = new Int32Array(256);
  private z0 = 0;
  private z1 = 0;
  private z2 = 0;
  private z3 = 0;

  constructor(hashKey: Buffer) {
    const words: Words = [0, 4, 8, 12].map((at) => hashKey.readInt32BE(at)) as Words;
    for (let bit = 128, shifted = words; bit >= 1; bit >>= 1, shifted = halved(shifted))
      this.times.set(shifted, bit * 4);
    for (let byte = 1; byte < 256; byte++) {
      const lowest = byte & -byte;
      const rest = byte ^ lowest;
      for (let word = 0; word < 4; word++)
        this.times[byte * 4 + word] = this.times[lowest * 4 + word]! ^ this.times[rest * 4 + word]!;
      let out: Words = [0, 0, 0, byte];
      for (let bit = 0; bit < 8; bit++) out = halved(out);
      this.folded[byte] = out[0];
    }
  }

  get sum(): Words {
    return [this.z0, this.z1, this.z2, this.z3];
  }

  reset([z0, z1, z2, z3]: Readonly<Words> = [0, 0, 0, 0]): void {
    this.z0 = z0;
    this.z1 = z1;
    this.z2 = z2;
    this.z3 = z3;
  }

  /** Adds bytes, the last block filled up with zeros. */
  add(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at += BLOCK) {
      const end = Math.min(to, at + BLOCK);
      let [w0, w1, w2, w3] = [0, 0, 0, 0];
      for (let place = at; place < end; place++) {
        const shifted = bytes[place]! << (24 - ((place - at) & 3) * 8);
        const word = (place - at) >> 2;
        if (word === 0) w0 |= shifted;
        else if (word === 1) w1 |= shifted;
        else if (word === 2) w2 |= shifted;
        else w3 |= shifted;
      }
      this.multiply(this.z0 ^ w0, this.z1 ^ w1, this.z2 ^ w2, this.z3 ^ w3);
    }
  }

  /** The last block: both lengths, in bytes. */
  addLengths(clear: number, sealed: number): void {
    this.multiply(this.z0, this.z1 ^ (clear * 8), this.z2, this.z3 ^ (sealed * 8));
  }

  private multiply(x0: number, x1: number, x2: number, x3: number): void {
    this.reset();
    this.take(x3);
    this.take(x2);
    this.take(x1);
    this.take(x0);
  }

  /** Four bytes, the last first: what is there moves down by one byte, the key times the byte comes in. */
  private take(word: number): void {
    const { times, folded } = this;
    let { z0, z1, z2, z3 } = this;
    for (let shift = 0; shift < 32; shift += 8) {
      const out = z3 & 255;
      const at = ((word >>> shift) & 255) * 4;
      z3 = ((z3 >>> 8) | (z2 << 24)) ^ times[at + 3]!;
      z2 = ((z2 >>> 8) | (z1 << 24)) ^ times[at + 2]!;
      z1 = ((z1 >>> 8) | (z0 << 24)) ^ times[at + 1]!;
      z0 = (z0 >>> 8) ^ folded[out]! ^ times[at]!;
    }
    this.z0 = z0;
    this.z1 = z1;
    this.z2 = z2;
    this.z3 = z3;
  }
}

type Words = [number, number, number, number];

/** Times x: one bit down, with what the polynomial brings back in when a bit falls out. */
function halved([w0, w1, w2, w3]: Words): Words {
  const out = w3 & 1;
  return [
    (w0 >>> 1) ^ (out ? 0xe1000000 : 0),
    (w1 >>> 1) | (w0 << 31),
    (w2 >>> 1) | (w1 << 31),
    (w3 >>> 1) | (w2 << 31),
  ];
}
