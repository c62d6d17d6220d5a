import { parentPort, workerData } from 'node:worker_threads';
import type { Keys } from '../../platform/crypto/keys.js';
import { PayerSealer } from './payer-sealer.js';

const { keys, promotionId } = workerData as { keys: Keys; promotionId: number };
const sealer = new PayerSealer(keys, promotionId);

parentPort?.on('message', ({ packed, firstId }: { packed: Uint8Array; firstId: number | null }) => {
  // Copied: once a thread has given memory away, all its code that works on bytes is slower.
  parentPort?.postMessage(sealer.make(packed, firstId));
});
