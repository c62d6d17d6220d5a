import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { saltOf } from '../src/draws/freeze.service.js';
import { HolderCrew } from '../src/draws/holder-crew.js';
import { keepList } from '../src/draws/keep-list.js';
import { ListedEntries } from '../src/draws/listed-entries.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { holderOf } from '../src/rules/draw/digest.js';
import { entriesText, EntryList } from '../src/rules/draw/entries.js';
import { Smallest, smallest } from '../src/rules/draw/ticket.js';
import { chunkRoot, nodeHash, offerEach, plainRoot, smallestOf } from '../src/verify/counting.js';
import { countingEngine, WORKERS_PAY } from '../src/verify/counting-engine.js';
import { lanes } from '../src/verify/sha256-lanes.js';
import { wordsRoot, wordsSmallest } from '../src/verify/sha256-words.js';
import { NODE } from '../src/verify/open-bundle.js';

const SEED = 'ab'.repeat(32);
const listOf = (codes: readonly string[], holder = 'cd'.repeat(32)) =>
  EntryList.of(utf8ToBytes(['code,holder', ...codes.map((code) => `${code},${holder}`), ''].join('\n')));

describe('four entries at a time', () => {
  it('are used on this machine', () => expect(lanes()).toBeDefined());

  it('give the roots and numbers of the rules, for every length of code', () => {
    const code = fc.integer({ min: 1, max: 46 }).map((length) => 'X'.repeat(length));
    fc.assert(
      fc.property(fc.array(code, { minLength: 1, maxLength: 70 }), (codes) => {
        const list = listOf(codes);
        expect(chunkRoot(list, 0, list.size)).toEqual(list.root());
        expect(plainRoot(list, 0, list.size)).toEqual(list.root());
        const expected = smallest(list, SEED, 9, nodeHash).indexes();
        expect(smallestOf(list, SEED, 9, 0, list.size).indexes()).toEqual(expected);
        const plain = new Smallest(9);
        offerEach(plain, list, SEED, 0, list.size);
        expect(plain.indexes()).toEqual(expected);
        expect(wordsRoot(list, 0, list.size)).toEqual(list.root());
        expect(wordsSmallest(list, SEED, 9, () => undefined).indexes()).toEqual(expected);
      }),
    );
  });

  it('leave lines that are no entries to the plain way', () => {
    for (const codes of [
      ['1'.repeat(47), '2'],
      ['1'.repeat(5000), '2'],
      ['', ''],
    ]) {
      const list = listOf(codes);
      expect(chunkRoot(list, 0, list.size)).toEqual(list.root());
      expect(smallestOf(list, SEED, 2, 0, list.size).indexes()).toEqual(smallest(list, SEED, 2).indexes());
      expect(wordsRoot(list, 0, list.size) ?? list.root()).toEqual(list.root());
      expect(wordsSmallest(list, SEED, 2, () => undefined).indexes()).toEqual(
        smallest(list, SEED, 2).indexes(),
      );
    }
  });

  it('are compiled from the source beside them, to the byte', () => {
    const file = join(import.meta.dirname, '../src/verify/make-lanes.mjs');
    const script = `import(${JSON.stringify(pathToFileURL(file).href)}).then(async (m) => process.stdout.write(await m.lanesCode()))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { maxBuffer: 1 << 24 });
    expect(stderr.toString()).toBe('');
    expect(stdout.toString()).toBe(
      readFileSync(file.replace('make-lanes.mjs', 'sha256-lanes.code.ts'), 'utf8'),
    );
  });
});

describe('workers', () => {
  it('give the same root and order as one thread, tail included', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'thidua-workers-'));
    const outfile = join(folder, 'counting.worker.mjs');
    const entryPoints = [join(import.meta.dirname, '../src/verify/counting.worker.ts')];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const size = WORKERS_PAY + 12_345;
    const text = [
      'code,holder',
      ...Array.from(
        { length: size },
        (_, at) =>
          `${String(at).padStart(6, '0')},${createHash('sha256')
            .update(String(at % 50))
            .digest('hex')}`,
      ),
      '',
    ].join('\n');
    const bytes = NODE.allocate(text.length);
    bytes.set(Buffer.from(text));
    const list = EntryList.of(bytes);
    const engine = countingEngine({ workers: 2, workerFile: pathToFileURL(outfile) });
    const alone = countingEngine({ workers: 1 });
    try {
      expect(await engine.root(list)).toEqual(await alone.root(list));
      const planned = [{ seed: SEED, wanted: 100 }];
      expect(await engine.first(list, planned)).toEqual(await alone.first(list, planned));
      expect(await alone.root(list)).toEqual(list.root(nodeHash));
    } finally {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a list that is frozen in bulk', () => {
  const secret = Buffer.alloc(32, 7);
  const vault = new Vault({
    data: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
    fingerprint: Buffer.alloc(32, 2),
    operator: Buffer.alloc(32, 3),
  });
  const identityOf = (payer: number) =>
    payer === 3 ? 'mst:ĐÓNG' : `cccd:024${String(payer).padStart(9, '0')}`;

  it('has the bytes, the root and the groups that the rules give, over several pieces', async () => {
    const size = 2 * 16_384 + 300;
    const rows = Array.from({ length: size }, (_, at) => ({
      code: String(at * 3).padStart(6, '0'),
      payer: 1 + ((at * 7) % 150),
    }));
    const entries = new ListedEntries();
    for (const { code, payer } of rows) entries.add(Buffer.from(code), 0, code.length, payer);
    const crew = new HolderCrew(secret, vault);
    for (let payer = 1; payer <= 150; payer++) {
      const sealed = vault.seal(`${identityOf(payer)}\t+84912345678\tNguyễn Văn Thử`);
      crew.add(payer, sealed, 0, sealed.length);
    }
    const parts: Buffer[] = [];
    const tx = {
      query: (_: string, [, , bytes]: [number, number, Buffer]) => parts.push(Buffer.from(bytes)),
    };
    const tree = await keepList(tx as unknown as EntityManager, 1, entries, await crew.finished());
    const holders = new Map(
      Array.from({ length: 150 }, (_, at) => [at + 1, holderOf(saltOf(secret, at + 1), identityOf(at + 1))]),
    );
    const text = entriesText(rows.map(({ code, payer }) => ({ code, holder: holders.get(payer)! })));
    expect(parts).toHaveLength(3);
    expect(Buffer.concat(parts).equals(Buffer.from(text))).toBe(true);
    const list = EntryList.of(Buffer.concat(parts));
    expect(tree.size).toBe(size);
    expect(Buffer.from(tree.build().root())).toEqual(Buffer.from(list.root(nodeHash)));
    expect(parts.every((part) => part.at(-1) === 10)).toBe(true);
  });

  it('refuses codes that do not ascend, that are none, and people without a stand-in', async () => {
    const entries = new ListedEntries();
    const add = (code: string, payer = 1) => entries.add(Buffer.from(code), 0, code.length, payer);
    add('A1');
    add('A10');
    add('B');
    for (const code of ['B', 'A2', 'A', '', 'b', 'C-1', 'C'.repeat(33)])
      expect(() => add(code)).toThrow(RangeError);
    expect(() => add('C', 0)).toThrow(/payer 0/);
    const holders = await new HolderCrew(secret, vault).finished();
    await expect(keepList({} as EntityManager, 1, entries, holders)).rejects.toThrow(
      'payer 1 has no stand-in',
    );
  });
});
