// Writes test/vectors/bundles anew from recipes.ts. Read the difference before committing it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { status } = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', 'test/vectors.spec.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, THIDUA_WRITE_VECTORS: '1', THIDUA_NO_DATABASE: '1' },
  },
);
process.exit(status ?? 1);
