// node test/bench/run.mjs payments [arguments]: compiles test/bench/payments.bench.ts and runs it on the built program (node build.mjs first).
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name, ...rest] = process.argv.slice(2);
const outfile = join(mkdtempSync(join(tmpdir(), 'thidua-bench-')), `${name}.mjs`);
await build({
  entryPoints: [join(import.meta.dirname, `${name}.bench.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
  plugins: [
    {
      name: 'installed packages by their place',
      setup(on) {
        on.onResolve({ filter: /^[^./]/ }, ({ path }) =>
          path.startsWith('node:')
            ? { path, external: true }
            : { path: import.meta.resolve(path), external: true },
        );
      },
    },
  ],
});
process.argv.splice(1, 2, outfile);
await import(pathToFileURL(outfile).href).then((bench) => bench.main(rest));
