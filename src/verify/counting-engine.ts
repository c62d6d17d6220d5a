import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { EntryList } from '../rules/draw/entries.js';
import type { PlannedOrder } from '../rules/draw/judge/plan.js';
import { Smallest } from '../rules/draw/ticket.js';
import { GrowingTree } from '../rules/merkle/tree.js';
import { CHUNK, CHUNK_LEVEL, chunkRoot, nodeHash, smallestOf } from './counting.js';
import type { Answer, Task } from './counting.worker.js';
import type { Progress } from './progress-bar.js';
import type { Engine } from './verify.js';

/** Below this many entries starting workers costs more than they save. */
export const WORKERS_PAY = 4 * CHUNK;

export interface CountingOptions {
  /** 0 or 1: everything on this thread. Default: as many as there are cores, at most 8. */
  readonly workers?: number;
  readonly progress?: Progress;
  /** The compiled worker; beside this file unless a bundle put it elsewhere. */
  readonly workerFile?: URL;
}

/** Node's engine: the list is shared, every worker takes a run of it. */
export function countingEngine(options: CountingOptions = {}): Engine & { close(): Promise<void> } {
  const file = options.workerFile ?? new URL('./counting.worker.js', import.meta.url);
  const wanted = options.workers ?? Math.min(8, availableParallelism());
  const count = existsSync(fileURLToPath(file)) ? wanted : 1;
  let workers: Worker[] = [];
  const crew = (list: EntryList) => {
    if (count < 2 || list.size < WORKERS_PAY) return [];
    if (workers.length === 0) workers = hired(file, count, list);
    return workers;
  };
  return {
    root: (list) => rootOf(list, crew(list), options.progress),
    first: (list, planned) => firstOf(list, planned, crew(list), options.progress),
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}

function hired(file: URL, count: number, { bytes, ends }: EntryList): Worker[] {
  const workerData = { bytes: shared(bytes), ends: shared(ends) };
  return Array.from({ length: count }, () => new Worker(file, { workerData }));
}

function shared<Numbers extends Uint8Array | Uint32Array>(numbers: Numbers): Numbers {
  if (numbers.buffer instanceof SharedArrayBuffer) return numbers;
  const Kind = numbers.constructor as new (buffer: SharedArrayBuffer) => Numbers;
  const copy = new Kind(new SharedArrayBuffer(numbers.byteLength));
  copy.set(numbers);
  return copy;
}

async function rootOf(list: EntryList, workers: readonly Worker[], progress?: Progress): Promise<Uint8Array> {
  const tree = new GrowingTree(nodeHash);
  let done = 0;
  const count = (more: number) => progress?.('root', (done += more), list.size);
  const answers = await Promise.all(
    runs(list.size, workers.length || 1).map(async ({ from, to }, at) => {
      const worker = workers[at];
      if (!worker) return rootsHere(list, from, to, count);
      const answer = await asked(worker, { kind: 'root', from, to }, count);
      return answer.kind === 'roots' ? answer.roots : [];
    }),
  );
  const roots = answers.flat();
  const tail = list.size % CHUNK === 0 ? undefined : roots.pop();
  for (const root of roots) tree.appendSubtree(CHUNK_LEVEL, root);
  return tree.root(tail);
}

function rootsHere(list: EntryList, from: number, to: number, count: (more: number) => void): Uint8Array[] {
  const roots: Uint8Array[] = [];
  for (let start = from; start < to; start += CHUNK) {
    const end = Math.min(start + CHUNK, to);
    roots.push(chunkRoot(list, start, end));
    count(end - start);
  }
  return roots;
}

async function firstOf(
  list: EntryList,
  planned: readonly PlannedOrder[],
  workers: readonly Worker[],
  progress?: Progress,
): Promise<Map<string, Uint32Array>> {
  const first = new Map<string, Uint32Array>();
  for (const { seed, wanted } of planned) {
    progress?.('order', first.size, planned.length);
    const parts = await Promise.all(
      runs(list.size, workers.length || 1).map(async ({ from, to }, at) => {
        const worker = workers[at];
        if (!worker) return smallestOf(list, seed, wanted, from, to).entries();
        const answer = await asked(worker, { kind: 'order', seed, wanted, from, to });
        return answer.kind === 'smallest' ? answer.entries : [];
      }),
    );
    const kept = new Smallest(wanted);
    for (const { index, number } of parts.flat()) kept.offer(index, number);
    first.set(seed, kept.indexes());
  }
  return first;
}

/** Runs of whole chunks, one for each worker; the last one takes what is left. */
function runs(size: number, count: number): { from: number; to: number }[] {
  const length = Math.max(1, Math.ceil(size / CHUNK / count)) * CHUNK;
  return Array.from({ length: Math.ceil(size / length) }, (_, at) => ({
    from: at * length,
    to: Math.min((at + 1) * length, size),
  }));
}

/** One task, one answer; progress in between. A worker that dies fails the check. */
function asked(worker: Worker, task: Task, count?: (more: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => {
      worker.off('message', listen).off('error', fail).off('exit', left);
      settle();
    };
    const listen = (answer: Answer) =>
      answer.kind === 'progress' ? count?.(answer.done) : done(() => resolve(answer));
    const fail = (error: Error) => done(() => reject(error));
    const left = (code: number) => done(() => reject(new Error(`a worker ended with ${code}`)));
    worker.on('message', listen).on('error', fail).on('exit', left);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(task);
  });
}
