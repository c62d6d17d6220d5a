import { equalBytes } from '../../merkle/proof.js';
import {
  keyId,
  type Note,
  type NoteKey,
  parseNote,
  validSignatures,
  type VerifySignature,
} from '../../merkle/note.js';
import { documentHash } from '../digest.js';
import { FILES_NAME, parseFiles } from '../files.js';
import type { Findings } from '../finding.js';
import type { Trust } from '../keys.js';
import type { Reading } from './reading.js';

/** What the checkpoint proves once its signatures are checked. */
export interface Freeze {
  /** Names of witnesses whose cosignature is valid. */
  readonly witnesses: readonly string[];
  /** Seconds since 1970 by which as many witnesses as are needed had seen the checkpoint. */
  readonly witnessedAt: number | undefined;
}

/** Protocol §3: the checkpoint is signed, is about these rules, and has this root and size. */
export function judgeFreeze(reading: Reading, trust: Trust, root: string, verify: VerifySignature): Freeze {
  const { checkpoint, findings, note, rules, files } = reading;
  if (checkpoint && files.list) {
    findings.compare('root-differs', 'checkpoint.txt', checkpoint.root, root);
    findings.compare('size-differs', 'checkpoint.txt', checkpoint.size, files.list.size);
  }
  if (checkpoint && rules)
    findings.compare('checkpoint-rules-differ', 'checkpoint.txt', checkpoint.rulesHash, documentHash(rules));
  return judgeSignatures(note, trust, verify, findings);
}

function judgeSignatures(
  note: Note | undefined,
  trust: Trust,
  verify: VerifySignature,
  findings: Findings,
): Freeze {
  const known = [...trust.operators, ...trust.witnesses];
  const valid = note ? validSignatures(note, known, verify) : [];
  const names = (keys: readonly NoteKey[]) => keys.map(({ name }) => name).join(', ') || 'nobody';
  if (note)
    judgeOperator(
      note,
      trust,
      valid.map(({ key }) => key),
      findings,
    );
  for (const name of note ? falseSignatures(note, known, verify) : [])
    findings.add('checkpoint-signature', 'checkpoint.txt', `a line of ${name}`, 'its signature is not valid');
  const witnesses = valid.filter(({ key }) => trust.witnesses.includes(key));
  if (witnesses.length < trust.witnessesNeeded)
    findings.add(
      'witnesses-missing',
      'checkpoint.txt',
      names(witnesses.map(({ key }) => key)),
      `${trust.witnessesNeeded} of ${names(trust.witnesses)}`,
    );
  const times = witnesses.map(({ time }) => time ?? 0).sort((a, b) => a - b);
  return {
    witnesses: witnesses.map(({ key }) => key.name),
    witnessedAt: times[Math.max(1, trust.witnessesNeeded) - 1],
  };
}

function judgeOperator(note: Note, trust: Trust, valid: readonly NoteKey[], findings: Findings): void {
  if (trust.operators.some((key) => valid.includes(key))) return;
  const published = note.signatures.map(({ name }) => name).join(', ');
  const wanted = trust.operators.map(({ name }) => name).join(', ') || 'a key to check it with';
  findings.add('checkpoint-signature', 'checkpoint.txt', published, `a valid signature of ${wanted}`);
}

/** Lines that claim to be of a key we know and are not. Lines of strangers are passed over, as C2SP asks. */
function falseSignatures(note: Note, keys: readonly NoteKey[], verify: VerifySignature): string[] {
  return note.signatures
    .filter((signature) => {
      const key = keys.find(
        ({ name, ...rest }) =>
          name === signature.name && equalBytes(keyId({ name, ...rest }), signature.keyId),
      );
      return key && validSignatures({ body: note.body, signatures: [signature] }, [key], verify).length === 0;
    })
    .map(({ name }) => name);
}

/** Our addition to §9: every file is the one that the operator listed in `files.txt`, if there is such a list. */
export function judgeFiles(reading: Reading, trust: Trust, verify: VerifySignature): void {
  const { files, findings, rules } = reading;
  if (!files.hashes.has(FILES_NAME)) return;
  const note = parseNote(files.texts.get(FILES_NAME) ?? '');
  const listed = note && parseFiles(note.body, rules?.draw);
  if (!listed || validSignatures(note, trust.operators, verify).length === 0)
    findings.add(
      'file-differs',
      FILES_NAME,
      listed ? 'not signed by the operator' : 'malformed',
      'a signed list of files',
    );
  for (const [name, published] of listed ?? [])
    findings.compare('file-differs', name, published, files.hashes.get(name) ?? 'no such file');
  for (const [name, computed] of listed ? files.hashes : [])
    if (name !== FILES_NAME && !listed?.has(name))
      findings.add('file-differs', name, 'not in files.txt', computed);
}
