import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as fc from 'fast-check';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { EntryList } from '../src/rules/draw/entries.js';
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
