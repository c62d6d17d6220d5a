import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.js';

/** The three secrets of an installation. `data` is newest first: the first key seals, all of them open. */
export interface Keys {
  readonly data: readonly { readonly id: string; readonly key: Buffer }[];
  readonly fingerprint: Buffer;
  readonly operator: Buffer;
}

/** A secret kept in a file of its own (mode 0600), made on first use; of several starters at once, one wins and all read the same. */
async function kept(folder: string, name: string, make: () => string): Promise<string> {
  const path = join(folder, name);
  const draft = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stored = await readFile(path, 'utf8').catch(() => undefined);
  if (stored !== undefined) return stored.trim();
  await writeFile(draft, `${make()}\n`, { mode: 0o600 });
  await link(draft, path).catch((fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EEXIST') throw fault;
  });
  await rm(draft);
  return (await readFile(path, 'utf8')).trim();
}

const fresh = () => randomBytes(32).toString('base64');

/** Keys from the environment, else from DATA_DIR/keys, where they are made on the first start. */
export async function loadKeys(config: Config): Promise<Keys> {
  const folder = join(config.DATA_DIR, 'keys');
  const data = config.DATA_KEYS ?? (await kept(folder, 'data', () => `k1:${fresh()}`));
  const fingerprint = config.FINGERPRINT_KEY ?? (await kept(folder, 'fingerprint', fresh));
  const operator = config.OPERATOR_KEY ?? (await kept(folder, 'operator', fresh));
  return {
    data: data.split(',').map((pair) => {
      const [id = '', key = ''] = pair.split(':');
      return { id, key: Buffer.from(key, 'base64') };
    }),
    fingerprint: Buffer.from(fingerprint, 'base64'),
    operator: Buffer.from(operator, 'base64'),
  };
}
