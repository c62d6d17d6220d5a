import type { EntityManager } from 'typeorm';
import { type Signer, verifySignature } from '../platform/crypto/ed25519.js';
import { fromBase64, toBase64 } from '../rules/merkle/base64.js';
import {
  KEY_TYPE,
  keyId,
  noteText,
  parseNote,
  signedMessage,
  validSignatures,
} from '../rules/merkle/note.js';

/** How long the journal was and what its last entry hashed to: whoever keeps this can tell when the past is written anew. */
export interface Checkpoint {
  size: number;
  hash: Buffer;
}

const keyOf = ({ name, publicKey }: Signer) => ({ name, type: KEY_TYPE.signature, publicKey });

/** A signed note (C2SP) of three lines: `<operator>/journal`, the number of entries, the hash in base64. */
export function checkpointNote({ size, hash }: Checkpoint, signer: Signer): string {
  const body = `${signer.name}/journal\n${size}\n${toBase64(hash)}\n`;
  const signature = {
    name: signer.name,
    keyId: keyId(keyOf(signer)),
    blob: signer.sign(signedMessage(body)),
  };
  return noteText({ body, signatures: [signature] });
}

/** What a note of ours says; undefined when it is malformed, of another journal, or not signed by this operator. */
export function readCheckpoint(text: string, signer: Signer): Checkpoint | undefined {
  const note = parseNote(text);
  if (!note || validSignatures(note, [keyOf(signer)], verifySignature).length === 0) return undefined;
  const [origin, size = '', hash = '', ...rest] = note.body.split('\n');
  const bytes = fromBase64(hash);
  if (
    origin !== `${signer.name}/journal` ||
    !/^[1-9]\d{0,14}$/.test(size) ||
    bytes?.length !== 32 ||
    rest.length > 1
  )
    return undefined;
  return { size: Number(size), hash: Buffer.from(bytes) };
}

/** Does the journal still hold, at that number, the entry the checkpoint speaks of? */
export async function holdsCheckpoint(tx: EntityManager, { size, hash }: Checkpoint): Promise<boolean> {
  const rows = await tx.query<unknown[]>(`select 1 from journal_entry where id = $1 and hash = $2`, [
    size,
    hash,
  ]);
  return rows.length > 0;
}
