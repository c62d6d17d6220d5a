import { parentPort, workerData } from 'node:worker_threads';
import type { Keys } from '../platform/crypto/keys.js';
import { Vault } from '../platform/crypto/vault.js';
import { HolderMaker } from './holder-maker.js';

const { keys, secret } = workerData as { keys: Keys; secret: Uint8Array };
const maker = new HolderMaker(secret, new Vault(keys));

parentPort?.on('message', (packed: Uint8Array) => {
  const records = maker.make(packed);
  parentPort?.postMessage(records, [records.buffer as ArrayBuffer]);
});
