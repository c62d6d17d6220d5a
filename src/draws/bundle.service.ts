import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { canonicalJson } from '../rules/draw/canonical.js';
import { replacementFile } from '../rules/draw/bundle.js';
import { FILES_NAME, filesBody } from '../rules/draw/files.js';
import { keysText } from '../rules/draw/keys.js';
import { KEY_TYPE, keyId, type NoteKey, noteText, parseKey, signedMessage } from '../rules/merkle/note.js';
import { Signer } from '../platform/crypto/ed25519.js';
import { CHAINS_NAME, chainsText } from '../verify/chain-info.js';
import { chainsNamed } from './beacon.queries.js';
import { BundlePapers } from './bundle-papers.service.js';
import { actsOf, documentOf, type DrawRow, drawBySlug } from './draw.queries.js';
import {
  cosignaturesOf,
  entriesOf,
  frozenOf,
  type FrozenRow,
  strikesOf,
  valuesOf,
} from './frozen.queries.js';
import { noteKey } from './witness.service.js';

export type Files = Map<string, Buffer>;

/** Everything that anybody needs to redo a draw, as files. */
@Injectable()
export class Bundles {
  constructor(
    private readonly db: DataSource,
    private readonly signer: Signer,
    private readonly papers: BundlePapers,
  ) {}

  /**
   * What is public of a draw. Rules, list and checkpoint from the freeze on; results when they are published or the draw is
   * void. `all`: results as soon as they are drawn, for those who compare them before they are published.
   */
  async files(slug: string, all = false): Promise<Files> {
    return this.db.transaction('REPEATABLE READ', async (tx) => {
      const draw = await drawBySlug(tx, slug);
      const files = await this.documents(tx, draw, all);
      for (const [name, text] of await this.papers.of(tx, draw, files)) files.set(name, text);
      files.set(FILES_NAME, Buffer.from(this.signedList(slug, files)));
      return files;
    });
  }

  async writeTo(folder: string, files: Files): Promise<void> {
    for (const [name, bytes] of files) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    }
  }

  private async documents(tx: EntityManager, draw: DrawRow, all: boolean): Promise<Files> {
    const files: Files = new Map();
    const put = (name: string, text: string | undefined) => text && files.set(name, Buffer.from(text));
    put('rules.json', (await documentOf(tx, draw.id, 'rules'))?.body);
    const chains = await chainsNamed(tx, draw.id);
    if (chains.length > 0) put(CHAINS_NAME, chainsText(chains));
    const frozen = await frozenOf(tx, draw.id);
    if (!frozen) return files;
    files.set('entries.csv', await entriesOf(tx, draw.id));
    await checkpoint(tx, draw, frozen, put);
    put('strikes.json', canonicalJson(await strikesOf(tx, draw.id, 0)));
    put('completeness.json', canonicalJson(frozen.completeness));
    const open = async (replacement: number) => {
      const acts = new Set((await actsOf(tx, draw.id, replacement)).map(({ state }) => state));
      return acts.has('published') || acts.has('void') || (all && acts.has('drawn'));
    };
    put('sources.json', canonicalJson(await valuesOf(tx, draw.id, 0)));
    if (await open(0)) put('result.json', (await documentOf(tx, draw.id, 'result'))?.body);
    for (let number = 1; ; number++) {
      const addendum = await documentOf(tx, draw.id, 'addendum', number);
      if (!addendum || !(await open(number))) return files;
      put(replacementFile(number, 'addendum.json'), addendum.body);
      put(replacementFile(number, 'sources.json'), canonicalJson(await valuesOf(tx, draw.id, number)));
      put(replacementFile(number, 'result.json'), (await documentOf(tx, draw.id, 'result', number))?.body);
    }
  }

  private signedList(draw: string, files: Files): string {
    const hashes = new Map(
      [...files].map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
    );
    const body = filesBody(this.signer.name, draw, hashes);
    const key: NoteKey = {
      name: this.signer.name,
      type: KEY_TYPE.signature,
      publicKey: this.signer.publicKey,
    };
    return noteText({
      body,
      signatures: [{ name: key.name, keyId: keyId(key), blob: this.signer.sign(signedMessage(body)) }],
    });
  }
}

async function checkpoint(
  tx: EntityManager,
  draw: DrawRow,
  frozen: FrozenRow,
  put: (name: string, text: string) => unknown,
): Promise<void> {
  const witnesses = await cosignaturesOf(tx, draw.id);
  put('checkpoint.txt', frozen.note + witnesses.map(({ line }) => `${line}\n`).join(''));
  put(
    'keys.txt',
    keysText({
      operators: [parseKey(frozen.operatorKey)!],
      witnesses: witnesses.map(noteKey),
      witnessesNeeded: draw.witnessesWanted,
      margin: draw.beaconMargin,
    }),
  );
}
