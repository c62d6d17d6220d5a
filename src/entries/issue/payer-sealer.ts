import { createSecretKey, randomFillSync } from 'node:crypto';
import { GcmBatch, NONCE, TAG } from '../../platform/crypto/gcm-batch.js';
import { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import type { Keys } from '../../platform/crypto/keys.js';
import { headOf } from '../../platform/crypto/vault.js';
import { payerKindOf, writeIdentity, writePhone } from '../../payments/reading/payer-key.js';

/** Of a packed payer, before its name. */
const HEAD = 18;
/** Two fingerprints: of the identity, of the phone. */
export const MARKS = 64;
const TAB = 9;
const SPACE = 32;
const PERSON = Buffer.from('person');
const BUSINESS = Buffer.from('business');
/** Stands before a phone when its fingerprint is made. */
const PHONE = Buffer.from('phone:');
/** Bytes that a row needs besides the name of its payer. */
const ROW = 320;

/** The clear text that is sealed for a payer. */
export function payerText(identity: string, name: string, phone: string): string {
  return `${identity}\t${phone}\t${name}`;
}

/** Packs a payer behind `at`: key, phone (doubles, 0: none), length of name, name. Answers where the next one begins. */
export function packPayer(
  block: Buffer,
  at: number,
  payer: { readonly key: number; readonly phone: number },
  name: { readonly bytes: Uint8Array; readonly from: number; readonly to: number },
): number {
  let to = block.writeDoubleLE(payer.phone, block.writeDoubleLE(payer.key, at));
  to = block.writeUInt16LE(name.to - name.from, to);
  for (let place = name.from; place < name.to; place++) block[to++] = name.bytes[place]!;
  return to;
}

/** Where the packed payer after the one at `at` begins. */
export function nextPacked(block: Buffer, at: number): number {
  return at + HEAD + block.readUInt16LE(at + 16);
}

/**
 * Turns packed payers into rows of binary COPY for `payer`, in the same forms as the vault: AES-256-GCM with a random
 * nonce, HMAC-SHA-256 as fingerprint. Written for a million at a time; the vault opens and matches what it makes.
 */
export class PayerSealer {
  private readonly head: Buffer;
  private readonly gcm: GcmBatch;
  private readonly fingerprints: KeyedHash;
  /** The text that a fingerprint is made of. */
  private readonly text = Buffer.alloc(64);
  /** Where rows are written, and where in them what is sealed stands. */
  private rows = Buffer.alloc(0);
  private nonces = Buffer.alloc(0);
  private starts = new Uint32Array(0);
  private lengths = new Uint32Array(0);

  constructor(
    keys: Keys,
    private readonly promotionId: number,
  ) {
    this.head = headOf(keys);
    this.gcm = new GcmBatch(createSecretKey(keys.data[0]!.key), this.head);
    this.fingerprints = new KeyedHash(keys.fingerprint);
  }

  /** Fingerprints of the packed payers and, numbered from `firstId` (null: not wanted), their rows. */
  make(packed: Uint8Array, firstId: number | null): { rows: Uint8Array; marks: Uint8Array } {
    const source = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    const marks = this.mark(source);
    return { rows: firstId === null ? new Uint8Array(0) : this.seal(source, firstId, marks), marks };
  }

  private seal(source: Buffer, firstId: number, allMarks: Uint8Array): Uint8Array {
    const count = allMarks.length / MARKS;
    this.makeRoom(count, source.length);
    let to = 0;
    let payer = 0;
    for (let at = 0; at < source.length; at = nextPacked(source, at), payer++) {
      to = this.start(to, firstId + payer, payerKindOf(source.readDoubleLE(at)));
      to = this.marks(to, allMarks, payer * MARKS, source.readDoubleLE(at + 8) > 0);
      to = this.clear(to, payer, source, at);
    }
    this.gcm.seal({ memory: this.rows, starts: this.starts, lengths: this.lengths, count });
    return new Uint8Array(this.rows.subarray(0, to));
  }

  /** 32 bytes of the identity, 32 of the phone (zeros: none), each. */
  private mark(source: Buffer): Uint8Array {
    const { text, fingerprints } = this;
    const marks = Buffer.alloc(Math.ceil(source.length / HEAD) * MARKS);
    let count = 0;
    for (let at = 0; at < source.length; at = nextPacked(source, at), count++) {
      const phone = source.readDoubleLE(at + 8);
      const identity = writeIdentity(text, 0, source.readDoubleLE(at));
      fingerprints.write(text, 0, identity, marks, count * MARKS);
      if (phone === 0) continue;
      const to = writePhone(text, PHONE.copy(text), phone);
      fingerprints.write(text, 0, to, marks, count * MARKS + 32);
    }
    return new Uint8Array(marks.subarray(0, count * MARKS));
  }

  private makeRoom(count: number, bytes: number): void {
    if (this.rows.length < bytes * 2 + count * ROW)
      this.rows = Buffer.allocUnsafeSlow(bytes * 2 + count * ROW);
    if (this.starts.length < count) {
      this.starts = new Uint32Array(count);
      this.lengths = new Uint32Array(count);
      this.nonces = Buffer.alloc(count * NONCE);
    }
    randomFillSync(this.nonces);
  }

  private start(at: number, id: number, payerKind: 'person' | 'business'): number {
    const { rows } = this;
    const kind = payerKind === 'person' ? PERSON : BUSINESS;
    let to = rows.writeUInt16BE(6, at);
    to = rows.writeInt32BE(this.promotionId, rows.writeUInt32BE(4, to));
    to = rows.writeUInt32BE(8, to);
    to = rows.writeUInt32BE(id >>> 0, rows.writeUInt32BE(Math.floor(id / 4294967296), to));
    return put(rows, rows.writeUInt32BE(kind.length, to), kind, 0, kind.length);
  }

  private marks(at: number, marks: Uint8Array, mark: number, hasPhone: boolean): number {
    const { rows } = this;
    const to = put(rows, rows.writeUInt32BE(32, at), marks, mark, mark + 32);
    if (!hasPhone) return rows.writeInt32BE(-1, to);
    return put(rows, rows.writeUInt32BE(32, to), marks, mark + 32, mark + MARKS);
  }

  /** The sealed field, still in clear: `gcm` seals it where it stands. */
  private clear(at: number, payer: number, source: Buffer, from: number): number {
    const { rows, head, nonces } = this;
    let to = put(rows, at + 4, head, 0, head.length);
    to = put(rows, to, nonces, payer * NONCE, (payer + 1) * NONCE);
    const start = to;
    const phone = source.readDoubleLE(from + 8);
    to = writeIdentity(rows, to, source.readDoubleLE(from));
    rows[to++] = TAB;
    if (phone > 0) to = writePhone(rows, to, phone);
    rows[to++] = TAB;
    to = this.name(to, source, from + HEAD, nextPacked(source, from));
    this.starts[payer] = start;
    this.lengths[payer] = to - start;
    rows.writeUInt32BE(to + TAG - at - 4, at);
    return to + TAG;
  }

  private name(at: number, source: Buffer, from: number, to: number): number {
    if (isTidy(source, from, to)) return put(this.rows, at, source, from, to);
    const name = source.toString('utf8', from, to).normalize('NFC').replace(/\s+/gu, ' ');
    return at + this.rows.write(name, at);
  }
}

/** Copies bytes; answers where they end. */
function put(target: Uint8Array, at: number, source: Uint8Array, from: number, to: number): number {
  for (let place = from; place < to; place++) target[at++] = source[place]!;
  return at;
}

/**
 * Whether a name stands as it is kept, so that no string need be made of it: NFC, single spaces. True only for letters
 * below U+0300 or of Latin Extended Additional (U+1E00 to U+1EFF), which holds the letters of Vietnamese.
 */
export function isTidy(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      if (byte < SPACE || (byte === SPACE && bytes[at + 1] === SPACE && at + 1 < to)) return false;
    } else if (byte >= 0xc3 && byte <= 0xcb) at++;
    else if (byte === 0xe1 && bytes[at + 1]! >= 0xb8 && bytes[at + 1]! <= 0xbb) at += 2;
    else return false;
  }
  return true;
}
