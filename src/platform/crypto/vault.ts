import { createCipheriv, createDecipheriv, createHmac, randomFillSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NONCE, TAG } from './gcm-batch.js';
import type { Keys } from './keys.js';

const VERSION = 1;
/** Nonces are drawn so many at a time: one draw costs as much as a sealing. */
const NONCES = 512;

/** Seals personal data at rest and makes keyed fingerprints of it for matching. */
@Injectable()
export class Vault {
  private readonly nonces = Buffer.alloc(NONCE * NONCES);
  private used = NONCES;
  /** What stands before everything that the newest key seals, authenticated and in clear. */
  readonly head: Buffer;

  /** `keys`: what a thread needs to seal beside this one. */
  constructor(readonly keys: Keys) {
    this.head = headOf(keys);
  }

  /**
   * AES-256-GCM with a random nonce under the newest key:
   * version (1 byte), length of the key id (1), key id, nonce (12), ciphertext, tag (16).
   */
  seal(text: string): Buffer {
    const { head } = this;
    const nonce = this.nonce();
    const cipher = createCipheriv('aes-256-gcm', this.keys.data[0]!.key, nonce).setAAD(head);
    return Buffer.concat([head, nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error when the key id is unknown or the bytes were altered. */
  open(sealed: Buffer): string {
    const id = this.keyIdOf(sealed);
    const found = this.keys.data.find((key) => key.id === id);
    if (!found) throw new Error(`sealed with the key "${id}", which DATA_KEYS does not hold`);
    const start = 2 + id.length;
    const decipher = createDecipheriv('aes-256-gcm', found.key, sealed.subarray(start, start + NONCE))
      .setAAD(sealed.subarray(0, start))
      .setAuthTag(sealed.subarray(-TAG));
    return decipher.update(sealed.subarray(start + NONCE, -TAG), undefined, 'utf8') + decipher.final('utf8');
  }

  /** Fresh random bytes, each used once. */
  private nonce(): Buffer {
    if (this.used === NONCES) {
      randomFillSync(this.nonces);
      this.used = 0;
    }
    return this.nonces.subarray(this.used * NONCE, ++this.used * NONCE);
  }

  /** The id of the key that sealed these bytes; for rotation. */
  keyIdOf(sealed: Buffer): string {
    if (sealed[0] !== VERSION)
      throw new Error(`sealed data of version ${String(sealed[0])}, expected ${VERSION}`);
    return sealed.toString('ascii', 2, 2 + (sealed[1] ?? 0));
  }

  get newestKeyId(): string {
    return this.keys.data[0]?.id ?? '';
  }

  /** HMAC-SHA-256 (32 bytes): equal texts match, and nobody without the key can try all phone numbers. */
  fingerprint(text: string): Buffer {
    return createHmac('sha256', this.keys.fingerprint).update(text, 'utf8').digest();
  }
}

/** Version (1 byte), length of the key id (1), key id of the newest key. @throws Error when there is no key. */
export function headOf(keys: Pick<Keys, 'data'>): Buffer {
  const newest = keys.data[0];
  if (!newest) throw new Error('DATA_KEYS holds no key');
  const id = Buffer.from(newest.id, 'ascii');
  return Buffer.concat([Buffer.from([VERSION, id.length]), id]);
}
