import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hash } from '../merkle/tree.js';
import { canonicalJson } from './canonical.js';

/** Protocol §1: the length as 4 bytes big-endian, then the bytes. No two lists of fields give the same bytes. */
export function field(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(4 + bytes.length);
  new DataView(framed.buffer).setUint32(0, bytes.length);
  framed.set(bytes, 4);
  return framed;
}

/** Protocol §1: `H(field(tag) || field(b1) || …)` in hex. The tag says what is being hashed, text goes in as UTF-8. */
export function tagged(tag: string, values: readonly (string | Uint8Array)[], hash: Hash = sha256): string {
  const bytes = [tag, ...values].map((value) => (typeof value === 'string' ? utf8ToBytes(value) : value));
  return bytesToHex(hash(concatBytes(...bytes.map(field))));
}

/** Hex of the hash of a text as UTF-8. */
export const textHash = (text: string, hash: Hash = sha256): string => bytesToHex(hash(utf8ToBytes(text)));

/** Protocol §2, §6, §7: the hash of rules, a result or an addendum is the hash of its canonical JSON. */
export const documentHash = (document: unknown, hash: Hash = sha256): string =>
  textHash(canonicalJson(document), hash);

/**
 * Protocol §3: the public stand-in for a person on the list of one draw. `salt` is 32 random bytes of this person
 * and this draw, `identity` a text such as `cccd:024…`. Throws RangeError for a salt of another length.
 */
export function holderOf(salt: Uint8Array, identity: string, hash: Hash = sha256): string {
  if (salt.length !== 32) throw new RangeError(`a salt of ${salt.length} bytes: wanted 32`);
  return tagged('thidua-draw/1 holder', [salt, identity.normalize('NFC')], hash);
}

/** Protocol §2: what a party publishes before the draw to seal its secret of 32 bytes. */
export function commitmentOf(draw: string, id: string, secret: Uint8Array, hash: Hash = sha256): string {
  if (secret.length !== 32) throw new RangeError(`a secret of ${secret.length} bytes: wanted 32`);
  return tagged('thidua-draw/1 commitment', [draw, id, secret], hash);
}
