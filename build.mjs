// Compiles the server (Nest's compiler), bundles what browsers load, and does nothing when nothing changed.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = import.meta.dirname;
const at = (...parts) => join(ROOT, ...parts);
const BROWSER = [
  'src/browser',
  'src/rules',
  'src/verify',
  'src/platform/http',
  'templates',
  'build.mjs',
  'styles.mjs',
  'package-lock.json',
];
const SERVER = ['src', 'tsconfig.json', 'nest-cli.json', 'package-lock.json', 'build.mjs'];

const walk = (path) =>
  !existsSync(path)
    ? []
    : statSync(path).isDirectory()
      ? readdirSync(path)
          .sort()
          .flatMap((name) => walk(join(path, name)))
      : [path];

/** A digest of names, sizes and times: changes when any input changes, appears or goes. */
function mark(inputs) {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => walk(at(input)))) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(ROOT, path)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}
const unchanged = (name, inputs) =>
  existsSync(at('dist', name)) && readFileSync(at('dist', name), 'utf8') === mark(inputs);
const remember = (name, inputs) => writeFileSync(at('dist', name), mark(inputs));

/** dist/public: scripts and styles bundled, other files copied, every name with the hash of its content; manifest.json maps the names. */
export async function buildBrowser({ ifStale = false } = {}) {
  if (ifStale && unchanged('.browser', BROWSER)) return;
  const { build } = await import('esbuild');
  const { trimmedStyles } = await import('./styles.mjs');
  const out = at('dist/public');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const manifest = {};
  const scripts = walk(at('src/browser')).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'),
  );
  const assets = walk(at('templates/assets')).filter((path) => !path.includes(join('assets', 'parts')));
  const styles = assets.filter((path) => path.endsWith('.css'));
  const naming = ['templates', 'src/browser', 'src/platform/http'].flatMap((folder) => walk(at(folder)));
  const { metafile } = await build({
    entryPoints: [...scripts, ...styles],
    outdir: out,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    target: ['es2020', 'chrome87', 'safari15', 'firefox90'],
    loader: { '.woff2': 'file', '.woff': 'empty', '.svg': 'file' },
    plugins: [trimmedStyles(naming.filter((path) => /\.(hbs|ts)$/.test(path)))],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) manifest[basename(entryPoint).replace(/\.ts$/, '.js')] = basename(file);
  }
  copyHashed(
    assets.filter((file) => !/\.(css|woff2?)$/.test(file)),
    out,
    manifest,
  );
  writeFileSync(join(out, 'manifest.json'), JSON.stringify(manifest, null, 2));
  remember('.browser', BROWSER);
}

function copyHashed(files, out, manifest) {
  for (const path of files) {
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 8);
    const name = `${basename(path, extname(path))}-${hash}${extname(path)}`;
    cpSync(path, join(out, name));
    manifest[basename(path)] = name;
  }
}

/** dist: the compiled server with its migrations. */
export function buildServer({ ifStale = false, quiet = false } = {}) {
  if (ifStale && unchanged('.server', SERVER)) return;
  if (!quiet) process.stdout.write('Building Thi Đua (once after each change, a few seconds) …\n');
  const { status } = spawnSync(process.execPath, [at('node_modules/@nestjs/cli/bin/nest.js'), 'build'], {
    cwd: ROOT,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  cpSync(at('src/platform/database/migrations'), at('dist/platform/database/migrations'), {
    recursive: true,
  });
  remember('.server', SERVER);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = { ifStale: process.argv.includes('--if-stale'), quiet: process.argv.includes('--quiet') };
  buildServer(options);
  await buildBrowser(options);
}
