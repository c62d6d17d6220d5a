import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parseCheckpoint } from '../rules/draw/checkpoint.js';
import { EntryList } from '../rules/draw/entries.js';
import {
  cosignature,
  cosignedMessage,
  KEY_TYPE,
  keyText,
  noteText,
  parseKey,
  parseNote,
  validSignatures,
} from '../rules/merkle/note.js';
import { CommandFailed, say } from '../platform/command.js';
import { Signer, verifySignature } from '../platform/crypto/ed25519.js';
import { hash } from './freeze.service.js';
import { textOfHex } from './hex.js';

/** `thidua witness key|sign`: for the machine of a witness, without a network, without a database. */
export function witnessCommands(program: Command): void {
  const witness = program
    .command('witness')
    .description('sign as a witness, with a key that never leaves your machine');
  witness
    .command('key')
    .description('make a key: the secret goes into the file, the public key is printed')
    .argument('<file>', 'where the secret is kept; it must not be there yet')
    .requiredOption('--name <name>', 'host-like name without spaces, for example inspectorate.example.vn')
    .action(async (file: string, { name }: { name: string }) => {
      if (!/^[^\s+]{3,100}$/.test(name)) throw new CommandFailed('A name has no spaces and no plus sign.', 2);
      const seed = randomBytes(32);
      await writeFile(file, `${name}\n${seed.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
      say(publicText(new Signer(name, seed)));
    });
  witness
    .command('sign')
    .description('check a checkpoint and print the cosignature to hand in')
    .argument('<checkpoint>', 'checkpoint.txt as published')
    .requiredOption('--key <file>', 'the file that "witness key" made')
    .option('--entries <file>', 'entries.csv: its root is computed here and compared with the checkpoint')
    .option('--operator <key>', "the operator's public key, as you know it from elsewhere")
    .action(sign);
}

interface Signing {
  key: string;
  entries?: string;
  operator?: string;
}

async function sign(path: string, options: Signing): Promise<void> {
  const note = parseNote(await readFile(path, 'utf8'));
  const draw = note && /^\S+?\/(\S+)\n/.exec(note.body)?.[1];
  const checkpoint = note && draw && parseCheckpoint(note.body, draw);
  if (!note || !checkpoint) throw new CommandFailed(`${path} is not a checkpoint. Nothing is signed.`);
  if (options.operator) checkOperator(note, options.operator);
  if (options.entries) await checkEntries(checkpoint, options.entries);
  const [name = '', seed = ''] = (await readFile(options.key, 'utf8')).split('\n');
  const signer = new Signer(name, Buffer.from(seed, 'base64'));
  const seconds = Math.floor(Date.now() / 1000);
  const key = { name, type: KEY_TYPE.cosignature, publicKey: signer.publicKey };
  const line = cosignature(key, seconds, signer.sign(cosignedMessage(note.body, seconds)));
  const [title] = note.body.split('\n');
  say(
    `list       ${title}\ncodes      ${checkpoint.size}\nroot       ${checkpoint.root}\nrules      ${checkpoint.rulesHash}`,
  );
  if (!options.entries) say('The root was not computed here: give --entries to compare it with the list.');
  say(
    `\npublic key\n${publicText(signer)}\n\ncosignature to hand in\n${noteText({ body: '\n', signatures: [line] }).trim()}`,
  );
}

function checkOperator(note: NonNullable<ReturnType<typeof parseNote>>, text: string): void {
  const key = parseKey(text);
  if (!key || validSignatures(note, [key], verifySignature).length === 0)
    throw new CommandFailed('The checkpoint is not signed by this operator. Nothing is signed.');
}

async function checkEntries({ root, size }: { root: string; size: number }, path: string): Promise<void> {
  const list = EntryList.of(await readFile(path));
  const computed = textOfHex(list.root(hash));
  if (list.size !== size || computed !== root)
    throw new CommandFailed(
      `The list ${path} has ${list.size} codes and the root ${computed}; the checkpoint says ${size} and ${root}. Nothing is signed.`,
    );
}

const publicText = ({ name, publicKey }: Signer) => keyText({ name, type: KEY_TYPE.cosignature, publicKey });
