import { spawnSync } from 'node:child_process';
import { createHash, hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bytesToHex } from '@noble/hashes/utils.js';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import seedrandom from 'seedrandom';
import { bundleTexts } from '../../src/rules/draw/bundle.js';
import { EntryList } from '../../src/rules/draw/entries.js';
import { ShuffledOrder } from '../../src/rules/draw/shuffle.js';
import { provesInclusion } from '../../src/rules/merkle/proof.js';
import { StoredTreeBuilder } from '../../src/rules/merkle/stored-tree.js';
import { leafHash } from '../../src/rules/merkle/tree.js';
import { nodeHash } from '../../src/verify/counting.js';
import { countingEngine } from '../../src/verify/counting-engine.js';
import { loadBundle } from '../../src/verify/load.js';
import { NODE, openBundle } from '../../src/verify/open-bundle.js';
import { verifyFiles } from '../../src/verify/verify.js';
import { exampleBundle } from '../support/bundle.js';

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const say = (line: string) => process.stdout.write(`${line}\n`);
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Milliseconds; work that took its own time by another clock says so. */
async function timed(work: () => unknown): Promise<number> {
  const began = performance.now();
  const own = await work();
  return typeof own === 'number' ? own : performance.now() - began;
}

/** Alternates the variants and prints the median of each and of the ratio to the first, round by round. */
async function inTurn(title: string, rounds: number, variants: Record<string, () => unknown>): Promise<void> {
  const times = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, work] of Object.entries(variants)) times.get(name)!.push(await timed(work));
  const [base] = times.values();
  say(`\n${title} (${rounds} rounds in turn)`);
  for (const [name, each] of times) {
    const ratios = each.map((time, round) => time / base![round]!);
    const range = `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`;
    say(
      `  ${name.padEnd(44)} ${median(each).toFixed(1).padStart(9)} ms   ratio ${median(ratios).toFixed(2)} (${range})`,
    );
  }
}

/** A list of this many entries in shared memory, as it comes from a file. */
function listOf(count: number): EntryList {
  const width = String(count).length;
  const line = width + 1 + 64 + 1;
  const bytes = NODE.allocate(12 + count * line);
  const view = Buffer.from(bytes.buffer);
  view.write('code,holder\n', 'latin1');
  const holders = Array.from({ length: 997 }, () => `,${randomBytes(32).toString('hex')}\n`);
  for (let at = 0; at < count; at++)
    view.write(String(at + 1).padStart(width, '0') + holders[at % 997]!, 12 + at * line, 'latin1');
  return EntryList.of(bytes);
}

/** (a): one thread of `crypto.hash(…, 'latin1')` over so many messages of these lengths, and nothing else. */
function floor(count: number, ...lengths: number[]): () => void {
  const messages = lengths.map((length) => Buffer.from(randomBytes(length)));
  return () => {
    for (const message of messages) for (let at = 0; at < count; at++) hash('sha256', message, 'binary');
  };
}

async function workerFile(folder: string): Promise<URL> {
  const outfile = join(folder, 'counting.worker.mjs');
  const entryPoints = [join(process.cwd(), 'src/verify/counting.worker.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  return pathToFileURL(outfile);
}

async function rootAndOrder(count: number, rounds: number, file: URL): Promise<void> {
  const list = listOf(count);
  const line = list.line(0).length;
  const codeLength = list.codeEnd(0) - list.codeStart(0);
  const alone = countingEngine({ workers: 1 });
  const two = countingEngine({ workers: 2, workerFile: file });
  const planned = [{ seed: createHash('sha256').update('bench').digest('hex'), wanted: 80 }];
  const roots = [bytesToHex(await alone.root(list)), bytesToHex(await two.root(list))];
  if (roots[0] !== roots[1]) throw new Error('the roots differ');
  const before = process.memoryUsage.rss();
  await two.root(list);
  say(
    `memory that the root of ${count} takes besides the list: ${megabytes(process.memoryUsage.rss() - before)}`,
  );
  await inTurn(`root of ${count} leaves`, rounds, {
    '(a) crypto.hash over the same bytes': floor(count, line + 1, 65),
    'one thread': () => alone.root(list),
    'two workers': () => two.root(list),
  });
  await inTurn(`ticket order, 8 winners of ${count}`, rounds, {
    '(a) crypto.hash over the same bytes': floor(count, 65 + codeLength),
    'one thread': () => alone.first(list, planned),
    'two workers': () => two.first(list, planned),
  });
  await two.close();
  await proofs(list, rounds);
}

async function proofs(list: EntryList, rounds: number): Promise<void> {
  const builder = new StoredTreeBuilder(nodeHash);
  for (let index = 0; index < list.size; index++) builder.append(leafHash(list.line(index), nodeHash));
  const stored = builder.build();
  const root = stored.root();
  const prove = (index: number) => {
    const { from, to } = stored.groupOf(index);
    return stored.proof(
      index,
      Array.from({ length: to - from }, (_, at) => leafHash(list.line(from + at), nodeHash)),
    );
  };
  const indexes = Array.from({ length: 300 }, (_, at) => (at * 2654435761) % list.size);
  const claims = indexes.map((index) => ({
    index,
    size: list.size,
    leaf: leafHash(list.line(index), nodeHash),
    proof: prove(index),
    root,
  }));
  if (!claims.every((claim) => provesInclusion(claim, nodeHash))) throw new Error('a proof fails');
  say(`\nstored for proofs of ${list.size} entries: ${megabytes(stored.stored)}`);
  await inTurn('300 proofs', rounds + 4, {
    'verifying them': () => claims.forEach((claim) => provesInclusion(claim, nodeHash)),
    'making them': () => indexes.forEach(prove),
  });
}

async function shuffles(rounds: number): Promise<void> {
  const seed = createHash('sha256').update('shuffle').digest('hex');
  const chance = (text: string) => seedrandom(text);
  const first = (size: number, wanted: number) => () => {
    const order = new ShuffledOrder(seed, size, chance, wanted);
    for (let position = 1; position <= wanted; position++) order.at(position);
    return order;
  };
  for (let warm = 0; warm < 50; warm++) first(1e7, 1000)();
  const many = (work: () => unknown) => () => {
    for (let at = 0; at < 100; at++) work();
  };
  await inTurn('100 × 1.000 positions by seedrandom', 4 * rounds, {
    'of 10 million': many(first(1e7, 1000)),
    'of 4.000 million': many(first(4e9, 1000)),
  });
  globalThis.gc?.();
  const before = process.memoryUsage().arrayBuffers;
  const kept = first(4e9, 1e6)();
  const bytes = process.memoryUsage().arrayBuffers - before;
  say(
    `  memory for 1 million winners of 4.000 million: ${(bytes / 1e6).toFixed(1)} bytes a winner${kept ? '' : '?'}`,
  );
}

async function wholeBundle(count: number, rounds: number, folder: string, file: URL): Promise<void> {
  const { bundle, entries } = exampleBundle({
    count,
    perHolder: 4,
    name: 'bench/ky-1',
    width: 8,
    hash: nodeHash,
  });
  const files = bundleTexts(bundle);
  files.set(
    'entries.csv',
    ['code,holder', ...entries.map(({ code, holder }) => `${code},${holder}`), ''].join('\n'),
  );
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const size = Buffer.byteLength(files.get('entries.csv')!);
  const check = async (workers: number) => {
    const archive = await openBundle(folder);
    const engine = countingEngine({ workers, workerFile: file });
    const report = await verifyFiles(await loadBundle(archive, NODE), { engine, hash: nodeHash });
    await engine.close();
    if (report.findings.length > 0) throw new Error(JSON.stringify(report.findings[0]));
  };
  const hashes = floor(count, 1 + entries[0]!.code.length + 65, 65, 65 + entries[0]!.code.length);
  const whole = Buffer.alloc(size);
  const browser = await inBrowser(folder);
  await inTurn(`verify of a bundle of ${count} entries, read from disk`, rounds, {
    '(a) crypto.hash over the same bytes': () => (hashes(), hash('sha256', whole)),
    'one thread': () => check(1),
    'two workers': () => check(2),
    'in Chromium, one thread': browser.check,
  });
  await browser.close();
}

/**
 * The page that is saved inside a bundle, in Chromium without a network: from the moment the folder is chosen to the verdict.
 * The page must go on drawing meanwhile: the longest pause between two frames is printed.
 */
async function inBrowser(folder: string): Promise<{ check(): Promise<number>; close(): Promise<void> }> {
  const page = join(mkdtempSync(join(tmpdir(), 'thidua-checker-')), 'checker.html');
  const make = `import('./dist/verify/bundle-pages.js').then((pages) => process.stdout.write(pages.checkerPage()))`;
  writeFileSync(page, spawnSync(process.execPath, ['-e', make], { maxBuffer: 1e8 }).stdout);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const context = await browser.newContext({ offline: true });
  const check = async () => {
    const tab = await context.newPage();
    tab.setDefaultTimeout(600_000);
    await tab.goto(pathToFileURL(page).href);
    await tab.setInputFiles('#verify-folder', folder);
    const { pause, stages, took } = await tab.evaluate(watch);
    if (!(await tab.locator('.verify-verdict.alert-success').count())) throw new Error('not sound');
    say(`  Chromium: ${stages.join(', ')}; longest pause between two frames ${pause.toFixed(0)} ms`);
    await tab.close();
    return took;
  };
  return { check, close: () => browser.close() };
}

/** In the page, until the verdict stands there: the longest pause between two frames, and when each stage was seen first. */
async function watch(): Promise<{ pause: number; stages: string[]; took: number }> {
  const begun = performance.now();
  const stages = new Map<string, number>();
  let [pause, before] = [0, begun];
  while (!document.querySelector('.verify-verdict')) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    [pause, before] = [Math.max(pause, now - before), now];
    const stage = document.querySelector<HTMLElement>('[data-stage]')?.dataset.stage;
    if (stage && !stages.has(stage)) stages.set(stage, now - begun);
  }
  stages.set('verdict', before - begun);
  return {
    pause,
    took: before - begun,
    stages: [...stages].map(([stage, at]) => `${stage} at ${(at / 1000).toFixed(1)} s`),
  };
}

/** node --expose-gc test/bench/run.mjs draw [entries] [rounds] */
export async function main([entries = '10000000', rounds = '5']: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'thidua-draw-bench-'));
  try {
    const file = await workerFile(folder);
    await shuffles(Number(rounds));
    await rootAndOrder(Number(entries), Number(rounds), file);
    const bundle = mkdtempSync(join(folder, 'bundle-'));
    await wholeBundle(Math.min(1_000_000, Number(entries)), Number(rounds), bundle, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
