import { ed25519 } from '@noble/curves/ed25519.js';
import {
  cosignature,
  cosignedMessage,
  KEY_TYPE,
  keyId,
  type KeyType,
  type NoteKey,
  type NoteSignature,
  signedMessage,
  type VerifySignature,
} from '../rules/merkle/note.js';

/** Strict RFC 8032 check, the same code in Node and in the browser. */
export const verifySignature: VerifySignature = (publicKey, message, signature) => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};

/** A secret key that signs notes under a name. A new key takes a new name, or the same name and another id. */
export class Signer {
  readonly key: NoteKey;

  /** `secret`: 32 bytes. The operator signs, witnesses cosign with the time at which they saw the note. */
  constructor(
    name: string,
    private readonly secret: Uint8Array,
    type: KeyType = KEY_TYPE.signature,
  ) {
    this.key = { name, type, publicKey: ed25519.getPublicKey(secret) };
  }

  /** The line this key adds to a note. `time` in seconds since 1970, for cosignatures only. */
  sign(body: string, time?: number): NoteSignature {
    if (this.key.type === KEY_TYPE.signature)
      return {
        name: this.key.name,
        keyId: keyId(this.key),
        blob: ed25519.sign(signedMessage(body), this.secret),
      };
    if (time === undefined) throw new RangeError('a cosignature: wanted the time');
    return cosignature(this.key, time, ed25519.sign(cosignedMessage(body, time), this.secret));
  }
}
