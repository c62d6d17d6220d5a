import type { EntityManager } from 'typeorm';
import type { Vault } from '../../platform/crypto/vault.js';
import { BatchImport } from './import-batch.js';
import type { ImportFile, Imported, Progress } from './import-file.js';
import type { Plan } from './plan.js';
import { prepare } from './prepare.js';
import { startOf } from './read-file.js';
import { segmentFor } from './segments.js';

/** Imports a file under the lock of the promotion's ledger. */
export async function importBatch(
  tx: EntityManager,
  plan: Plan,
  file: ImportFile,
  vault: Vault,
  progress: Progress,
): Promise<Imported> {
  const ready = await prepare(file);
  const started = { ...ready, start: await startOf(ready.path) };
  const segment = await segmentFor(tx, plan, started);
  const placed = { ...plan, last: { ...plan.last, payment: segment.before } };
  const imported = await new BatchImport(tx, placed, { ...started, segment }, vault).run(progress);
  return { ...imported, passedOver: ready.passedOver };
}
