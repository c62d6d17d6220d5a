import { createCipheriv, createSecretKey, hash, type KeyObject, randomFillSync } from 'node:crypto';
import type { Keys } from '../../platform/crypto/keys.js';
import { identityOf, payerKindOf } from '../../payments/reading/payer-key.js';

const NONCE = 12;
const TAG = 16;
const VERSION = 1;
const NONCES = 1024;

/** The clear text that is sealed for a payer. */
export function payerText(identity: string, name: string, phone: string): string {
  return `${identity}\t${phone}\t${name}`;
}

/**
 * Turns packed payers into rows of binary COPY for `payer`, in the same forms as the vault: AES-256-GCM with a random
 * nonce, HMAC-SHA-256 as fingerprint. Written for a million at a time; the vault opens and matches what it makes.
 */
export class PayerSealer {
  private readonly head: Buffer;
  private readonly key: KeyObject;
  private readonly mac: Mac;
  private readonly nonces = Buffer.alloc(NONCE * NONCES);
  private nonce = NONCES;

  constructor(
    keys: Keys,
    private readonly options: { promotionId: number },
  ) {
    const newest = keys.data[0];
    if (!newest) throw new Error('there is no key to seal with');
    const id = Buffer.from(newest.id, 'ascii');
    this.head = Buffer.concat([Buffer.from([VERSION, id.length]), id]);
    this.key = createSecretKey(newest.key);
    this.mac = new Mac(Buffer.from(keys.fingerprint));
  }

  /** Rows for the packed payers, numbered from `firstId`, and their fingerprints: 32 bytes of the identity, 32 of the phone, each. */
  seal(packed: Uint8Array, firstId: number): { rows: Uint8Array; marks: Buffer } {
    const source = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    const needed = source.length * 2 + Math.ceil(source.length / 18) * 320;
    if (this.rows.length < needed) this.rows = Buffer.allocUnsafeSlow(needed);
    const { rows } = this;
    const marks = Buffer.allocUnsafeSlow(Math.ceil(source.length / 18) * 64);
    let to = 0;
    let count = 0;
    for (let at = 0; at < source.length; count++) {
      const key = source.readDoubleLE(at);
      const phone = source.readDoubleLE(at + 8);
      const end = at + 18 + source.readUInt16LE(at + 16);
      const name = source
        .toString('utf8', at + 18, end)
        .normalize('NFC')
        .replace(/\s+/gu, ' ');
      to = this.row(rows, to, { id: firstId + count, key, phone: phone > 0 ? `+84${phone}` : '', name });
      rows.copy(marks, count * 64, this.markAt, this.markAt + 32);
      if (phone > 0) rows.copy(marks, count * 64 + 32, this.markAt + 36, this.markAt + 68);
      else marks.fill(0, count * 64 + 32, count * 64 + 64);
      at = end;
    }
    return { rows: new Uint8Array(rows.subarray(0, to)), marks: marks.subarray(0, count * 64) };
  }

  /** Where rows are written; large enough for the shortest payers, who make the most of it. */
  private rows = Buffer.alloc(0);
  private markAt = 0;

  private row(
    rows: Buffer,
    at: number,
    payer: { id: number; key: number; phone: string; name: string },
  ): number {
    const identity = identityOf(payer.key);
    const kind = payerKindOf(payer.key);
    let to = rows.writeUInt16BE(6, at);
    to = rows.writeInt32BE(this.options.promotionId, rows.writeUInt32BE(4, to));
    to = rows.writeBigInt64BE(BigInt(payer.id), rows.writeUInt32BE(8, to));
    to = rows.writeUInt32BE(kind.length, to);
    to += rows.write(kind, to, 'latin1');
    this.markAt = rows.writeUInt32BE(32, to);
    to = this.mac.write(identity, rows, this.markAt);
    if (payer.phone === '') to = rows.writeInt32BE(-1, to);
    else to = this.mac.write(`phone:${payer.phone}`, rows, rows.writeUInt32BE(32, to));
    return this.sealed(payerText(identity, payer.name, payer.phone), rows, to);
  }

  private sealed(text: string, rows: Buffer, at: number): number {
    if (this.nonce === NONCES) {
      randomFillSync(this.nonces);
      this.nonce = 0;
    }
    const nonce = this.nonces.subarray(this.nonce * NONCE, ++this.nonce * NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(this.head);
    const body = cipher.update(text, 'utf8');
    cipher.final();
    let to = rows.writeUInt32BE(this.head.length + NONCE + body.length + TAG, at);
    to += this.head.copy(rows, to);
    to += nonce.copy(rows, to);
    to += body.copy(rows, to);
    return to + cipher.getAuthTag().copy(rows, to);
  }
}

/** HMAC-SHA-256 out of two one-shot hashes over prepared memory: twice as fast as an object per text. */
class Mac {
  private readonly inner = Buffer.alloc(64 + 64);
  private readonly outer = Buffer.alloc(64 + 32);

  constructor(key: Buffer) {
    const block = Buffer.alloc(64);
    (key.length > 64 ? hash('sha256', key, 'buffer') : key).copy(block);
    for (let at = 0; at < 64; at++) {
      this.inner[at] = block[at]! ^ 0x36;
      this.outer[at] = block[at]! ^ 0x5c;
    }
  }

  write(text: string, target: Buffer, at: number): number {
    const length = this.inner.write(text, 64, 'latin1');
    this.outer.write(hash('sha256', this.inner.subarray(0, 64 + length), 'binary'), 64, 'latin1');
    return at + target.write(hash('sha256', this.outer, 'binary'), at, 'latin1');
  }
}
