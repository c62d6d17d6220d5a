import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from './base64.js';
import { equalBytes } from './proof.js';
import type { Hash } from './tree.js';

/** C2SP signed-note: the kinds of key we read. Others are passed over, as the specification asks. */
export const KEY_TYPE = { signature: 0x01, cosignature: 0x04 } as const;
export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE];

/** A public Ed25519 key with the name it signs under. */
export interface NoteKey {
  readonly name: string;
  readonly type: KeyType;
  readonly publicKey: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** What follows the key id: 64 bytes, for a cosignature 8 bytes of time before them. */
  readonly blob: Uint8Array;
}

/** `body` ends with LF and holds no empty line at its end; signatures in the order of the file. */
export interface Note {
  readonly body: string;
  readonly signatures: readonly NoteSignature[];
}

/** Ed25519, handed in by the shell. Must answer false for anything that is not a valid signature, never throw. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** C2SP signed-note: the first four bytes of H(name || LF || type || public key). */
export function keyId(key: NoteKey, hash: Hash = sha256): Uint8Array {
  return hash(concatBytes(utf8ToBytes(`${key.name}\n`), Uint8Array.of(key.type), key.publicKey)).slice(0, 4);
}

/** The `name+id+base64` form in which a public key is published. Throws RangeError for a name with `+` or spaces. */
export function keyText(key: NoteKey, hash: Hash = sha256): string {
  if (!isKeyName(key.name)) throw new RangeError(`key name ${key.name}: wanted no space and no plus`);
  const id = [...keyId(key, hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${key.name}+${id}+${toBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** The key that `keyText` wrote, or undefined when the text is malformed or its id does not belong to the key. */
export function parseKey(text: string, hash: Hash = sha256): NoteKey | undefined {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text);
  const bytes = match && fromBase64(match[3]!);
  if (!match || !bytes || bytes.length !== 33 || !isKeyName(match[1]!)) return undefined;
  const type = bytes[0];
  if (type !== KEY_TYPE.signature && type !== KEY_TYPE.cosignature) return undefined;
  const key: NoteKey = { name: match[1]!, type, publicKey: bytes.slice(1) };
  return keyText(key, hash) === text ? key : undefined;
}

/** The text of a signed note. Requires a body that ends with LF; throws RangeError otherwise. */
export function noteText({ body, signatures }: Note): string {
  if (!body.endsWith('\n')) throw new RangeError('the body of a note: wanted a final line feed');
  const lines = signatures.map(
    ({ name, keyId: id, blob }) => `— ${name} ${toBase64(concatBytes(id, blob))}\n`,
  );
  return `${body}\n${lines.join('')}`;
}

/** Shape only: the note, or undefined. Says nothing about whether a signature is valid. */
export function parseNote(text: string): Note | undefined {
  const split = text.lastIndexOf('\n\n');
  if (split < 1 || !text.endsWith('\n') || hasControl(text)) return undefined;
  const lines = text.slice(split + 2, -1).split('\n');
  if (lines.length > 100) return undefined;
  const signatures = lines.map(parseSignature);
  if (!signatures.every((signature) => signature !== undefined)) return undefined;
  return { body: text.slice(0, split + 1), signatures };
}

function parseSignature(line: string): NoteSignature | undefined {
  const match = /^— (\S+) (\S+)$/.exec(line);
  const bytes = match && fromBase64(match[2]!);
  if (!match || !bytes || bytes.length < 5 || !isKeyName(match[1]!)) return undefined;
  return { name: match[1]!, keyId: bytes.slice(0, 4), blob: bytes.slice(4) };
}

/** The bytes that a key of type `signature` signs. */
export const signedMessage = (body: string): Uint8Array => utf8ToBytes(body);

/** C2SP tlog-cosignature: the bytes that a witness signs at `time` (seconds since 1970). */
export const cosignedMessage = (body: string, time: number): Uint8Array =>
  utf8ToBytes(`cosignature/v1\ntime ${time}\n${body}`);

/** The line a witness adds: time as 8 bytes big-endian, then the signature over `cosignedMessage`. */
export function cosignature(key: NoteKey, time: number, signature: Uint8Array): NoteSignature {
  const blob = new Uint8Array(8 + signature.length);
  new DataView(blob.buffer).setBigUint64(0, BigInt(time));
  blob.set(signature, 8);
  return { name: key.name, keyId: keyId(key), blob };
}

export interface ValidSignature {
  readonly key: NoteKey;
  /** Seconds since 1970 for a cosignature, undefined for a plain signature. */
  readonly time: number | undefined;
}

/** The signatures of the note that one of the keys really made, each key once (its earliest). */
export function validSignatures(
  note: Note,
  keys: readonly NoteKey[],
  verify: VerifySignature,
  hash: Hash = sha256,
): ValidSignature[] {
  return keys.flatMap((key) => {
    const id = keyId(key, hash);
    const times = note.signatures
      .filter((signature) => signature.name === key.name && equalBytes(signature.keyId, id))
      .map((signature) => timeOf(note.body, key, signature.blob, verify))
      .filter((time) => time !== 'invalid');
    if (times.length === 0) return [];
    return [{ key, time: times.reduce((a, b) => (b !== undefined && (a === undefined || b < a) ? b : a)) }];
  });
}

function timeOf(
  body: string,
  key: NoteKey,
  blob: Uint8Array,
  verify: VerifySignature,
): number | undefined | 'invalid' {
  if (key.type === KEY_TYPE.signature)
    return blob.length === 64 && verify(key.publicKey, signedMessage(body), blob) ? undefined : 'invalid';
  if (blob.length !== 72) return 'invalid';
  const time = Number(new DataView(blob.buffer, blob.byteOffset).getBigUint64(0));
  if (!Number.isSafeInteger(time)) return 'invalid';
  return verify(key.publicKey, cosignedMessage(body, time), blob.subarray(8)) ? time : 'invalid';
}

const isKeyName = (name: string) => /^[^\s+]+$/u.test(name);

/** Characters below the space, LF apart, and DEL: no place in a note (C2SP signed-note). */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if ((unit < 32 && unit !== 10) || unit === 127) return true;
  }
  return false;
}
