import { parentPort, workerData } from 'node:worker_threads';
import type { Keys } from '../../platform/crypto/keys.js';
import { PayerSealer } from './payer-sealer.js';

const { keys, promotionId } = workerData as { keys: Keys; promotionId: number };
const sealer = new PayerSealer(keys, promotionId);

parentPort?.on('message', ({ packed, firstId }: { packed: Uint8Array; firstId: number | null }) => {
  const { rows, marks } = sealer.make(packed, firstId);
  parentPort?.postMessage({ rows, marks }, [rows.buffer as ArrayBuffer, marks.buffer as ArrayBuffer]);
});
