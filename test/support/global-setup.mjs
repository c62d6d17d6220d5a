// One embedded PostgreSQL for the whole run, with a migrated template database that every test file clones.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildBrowser } from '../../build.mjs';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/thidua');

/** Jest cannot yet `require` an ES module on Node 20, as Node itself does; this is the one library that needs it. */
async function asCommonJs(name) {
  const entryPoints = [fileURLToPath(import.meta.resolve(name))];
  await build({
    entryPoints,
    outfile: join(CACHE, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
}

export default async function setUp() {
  process.env.LOG_LEVEL ??= 'silent';
  if (process.env.THIDUA_NO_DATABASE) return;
  await asCommonJs('content-disposition');
  await buildBrowser({ ifStale: true });
  const folder = mkdtempSync(join(tmpdir(), 'thidua-test-'));
  const outfile = join(CACHE, `test-${process.pid}/database.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'database.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const { startTestDatabase } = await import(outfile);
  globalThis.__stopTestDatabase = await startTestDatabase(folder);
}
