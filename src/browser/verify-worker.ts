import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { EntryList } from '../rules/draw/entries.js';
import type { Report } from '../rules/draw/judge/judge.js';
import type { BundleFiles } from '../rules/draw/judge/reading.js';
import { type Trust, trustIn } from '../rules/draw/keys.js';
import { parseKey } from '../rules/merkle/note.js';
import { GrowingTree, leafHash } from '../rules/merkle/tree.js';
import { type Archive, checkedNames, Unusable } from '../verify/archive.js';
import { cheated, CHEATS } from '../verify/lab.js';
import { loadBundle, type Platform } from '../verify/load.js';
import { mineIn, type PageAnswer, type PageTask, pageView, type TrustText } from '../verify/page-view.js';
import { wordsRoot, wordsSmallest } from '../verify/sha256-words.js';
import { type Engine, verifyFiles } from '../verify/verify.js';
import { type Bytes, type Inflate, openZip } from '../verify/zip.js';

/** The check, away from the page so that the page never freezes. Nothing here asks the network for anything. */
const scope = self as unknown as {
  addEventListener(kind: 'message', listen: (event: { data: PageTask }) => void): void;
  postMessage(answer: PageAnswer): void;
};
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
const tell = (answer: PageAnswer) => scope.postMessage(answer);

/** Bytes of a file that are asked for at a time. */
const PIECE = 1 << 23;
const STEP_LEVEL = 14;
const STEP = 2 ** STEP_LEVEL;

function through(format: 'deflate-raw' | 'gzip'): Inflate {
  return async function* (packed) {
    const stream = new DecompressionStream(format);
    const writer = stream.writable.getWriter();
    const written = (async () => {
      for await (const chunk of packed) await writer.write(chunk as BufferSource);
      await writer.close();
    })();
    written.catch(() => {});
    const reader = stream.readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    await written;
  };
}

const BROWSER: Platform = {
  digest: () => {
    const hash = sha256.create();
    return { update: (bytes) => hash.update(bytes), hex: () => bytesToHex(hash.digest()) };
  },
  ...(globalThis.crypto?.subtle && {
    digestOf: async (bytes: Uint8Array) =>
      bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))),
  }),
  gunzip: through('gzip'),
  allocate: (size) => new Uint8Array(size),
};

const blobBytes = (blob: Blob): Bytes => ({
  size: blob.size,
  read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  close: async () => {},
});

async function* blobChunks(blob: Blob): AsyncIterable<Uint8Array> {
  for (let at = 0; at < blob.size; at += PIECE)
    yield new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer());
}

function openFiles(files: readonly { readonly name: string; readonly file: Blob }[]): Promise<Archive> {
  const [only] = files;
  if (only && files.length === 1) return openZip(blobBytes(only.file), through('deflate-raw'));
  const named = files.map(({ name, file }) => ({ name, size: file.size, chunks: () => blobChunks(file) }));
  return Promise.resolve({ files: checkedNames(named), close: async () => {} });
}

const percent = (done: number, total: number) => (total === 0 ? 100 : Math.floor((100 * done) / total));

const ENGINE: Engine = {
  root: async (list: EntryList) => {
    const tree = new GrowingTree();
    let tail: Uint8Array | undefined;
    for (let from = 0; from < list.size; from += STEP) {
      tell({ kind: 'progress', stage: 'root', percent: percent(from, list.size) });
      const to = Math.min(from + STEP, list.size);
      const root = wordsRoot(list, from, to) ?? slowRoot(list, from, to);
      if (to - from === STEP) tree.appendSubtree(STEP_LEVEL, root);
      else tail = root;
    }
    return tree.root(tail);
  },
  first: async (list, planned) =>
    new Map(
      planned.map(({ seed, wanted }, at) => {
        const progress = (done: number) =>
          tell({
            kind: 'progress',
            stage: 'order',
            percent: percent(at * list.size + done, planned.length * list.size),
          });
        return [seed, wordsSmallest(list, seed, wanted, progress).indexes()];
      }),
    ),
};

function slowRoot(list: EntryList, from: number, to: number): Uint8Array {
  const tree = new GrowingTree();
  for (let index = from; index < to; index++) tree.append(leafHash(list.line(index)));
  return tree.root();
}

let opened: { files: BundleFiles; trust: Trust | undefined } | undefined;
let latest: { files: BundleFiles; report: Report } | undefined;

function trustFrom(text: TrustText | undefined): Trust | undefined {
  if (!text) return undefined;
  const keys = text.keys.map((line) => parseKey(line)).filter((key) => key !== undefined);
  return trustIn(keys, text.witnessesNeeded);
}

async function check(files: BundleFiles, cheat?: (typeof CHEATS)[number]): Promise<void> {
  const began = performance.now();
  const trust = opened?.trust;
  const report = await verifyFiles(files, { engine: ENGINE, ...(trust && { trust }) });
  latest = { files, report };
  const cheats = opened ? CHEATS.filter((each) => offers(opened!.files, each)) : [];
  tell({ kind: 'report', view: pageView(report, performance.now() - began, cheat), cheats });
}

/** Whether the bundle has what a cheat needs, without carrying it out on a long list. */
function offers({ hashes, list }: BundleFiles, cheat: (typeof CHEATS)[number]): boolean {
  if (cheat === 'rewrite-minutes') return hashes.has('minutes.html');
  return list !== undefined && list.size > 1 && hashes.has('result.json');
}

async function open(task: Extract<PageTask, { kind: 'open' }>): Promise<void> {
  const archive = await openFiles(task.files);
  const progress = (done: number, total: number) =>
    tell({ kind: 'progress', stage: 'reading', percent: percent(done, total) });
  const files = await loadBundle(archive, BROWSER, { progress, mostEntriesBytes: 1 << 30 });
  opened = { files, trust: trustFrom(task.trust) };
  await check(files);
}

async function work(task: PageTask): Promise<void> {
  if (task.kind === 'open') return open(task);
  if (!opened || !latest) return undefined;
  if (task.kind === 'mine') {
    const listed = latest.files.list?.find(task.code) !== undefined;
    return tell({ kind: 'mine', mine: mineIn(latest.report, task.code, listed) });
  }
  const files = task.cheat ? cheated(opened.files, task.cheat) : opened.files;
  return check(files ?? opened.files, task.cheat);
}

scope.addEventListener('message', ({ data }) => {
  work(data).catch((error: unknown) => {
    if (error instanceof Unusable) tell({ kind: 'unusable', code: error.code, detail: error.detail });
    else tell({ kind: 'failed', detail: error instanceof Error ? error.message : String(error) });
  });
});
