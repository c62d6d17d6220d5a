import { parentPort, workerData } from 'node:worker_threads';
import type { Keys } from '../../platform/crypto/keys.js';
import { PayerSealer } from './payer-sealer.js';

const { keys, promotionId, keepMarks } = workerData as {
  keys: Keys;
  promotionId: number;
  keepMarks: boolean;
};
const sealer = new PayerSealer(keys, { promotionId });

parentPort?.on('message', ({ packed, firstId }: { packed: Uint8Array; firstId: number }) => {
  const { rows, marks } = sealer.seal(packed, firstId);
  const moved = [rows, ...(keepMarks ? [marks] : [])].map(({ buffer }) => buffer as ArrayBuffer);
  parentPort?.postMessage({ firstId, rows, marks: keepMarks ? marks : undefined }, moved);
});
