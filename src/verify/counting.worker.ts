import { parentPort, workerData } from 'node:worker_threads';
import { EntryList } from '../rules/draw/entries.js';
import { CHUNK, chunkRoot, smallestOf } from './counting.js';

/** The list, shared with the main thread. */
export interface Shared {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

export type Task =
  | { readonly kind: 'root'; readonly from: number; readonly to: number }
  | {
      readonly kind: 'order';
      readonly seed: string;
      readonly wanted: number;
      readonly from: number;
      readonly to: number;
    };

export type Answer =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'roots'; readonly roots: readonly Uint8Array[] }
  | { readonly kind: 'smallest'; readonly entries: readonly { index: number; number: Uint8Array }[] };

const { bytes, ends } = workerData as Shared;
const list = new EntryList(bytes, ends);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const tell = (answer: Answer) => parentPort?.postMessage(answer);

parentPort?.on('message', (task: Task) => {
  if (task.kind === 'order') {
    const kept = smallestOf(list, task.seed, task.wanted, task.from, task.to);
    return tell({ kind: 'smallest', entries: [...kept.entries()] });
  }
  const roots: Uint8Array[] = [];
  for (let from = task.from; from < task.to; from += CHUNK) {
    const to = Math.min(from + CHUNK, task.to);
    roots.push(chunkRoot(list, from, to));
    tell({ kind: 'progress', done: to - from });
  }
  return tell({ kind: 'roots', roots });
});
