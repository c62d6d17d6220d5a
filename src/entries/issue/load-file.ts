import type { EntityManager } from 'typeorm';
import type { Vault } from '../../platform/crypto/vault.js';
import { BatchImport } from './import-batch.js';
import type { ImportFile, Imported, Progress } from './import-file.js';
import type { Plan } from './plan.js';
import { prepare } from './prepare.js';
import { startOf } from './read-file.js';

/** Imports a file under the lock of the promotion's ledger. */
export async function importBatch(
  tx: EntityManager,
  plan: Plan,
  file: ImportFile,
  vault: Vault,
  progress: Progress,
): Promise<Imported> {
  const ready = await prepare(file);
  const start = await startOf(ready.path);
  const imported = await new BatchImport(tx, plan, { ...ready, start }, vault).run(progress);
  return { ...imported, passedOver: ready.passedOver };
}
