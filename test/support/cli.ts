import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../..');

/** What a finished command printed. */
export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let built: Promise<void> | undefined;

/** The compiled program is made once when it is out of date. */
async function program(): Promise<string> {
  const { buildServer } = (await import(join(ROOT, 'build.mjs'))) as {
    buildServer(options: object): void;
  };
  built ??= Promise.resolve(buildServer({ ifStale: true, quiet: true }));
  await built;
  return join(ROOT, 'dist/cli.js');
}

function environment(env: Record<string, string>): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, DATA_DIR: __, PORT: ___, NODE_OPTIONS: ____, ...rest } = process.env;
  return { ...rest, LOG_LEVEL: 'warn', DRAND_RELAYS: 'none', ...env };
}

/** Starts `thidua …` as a person would, as a process of its own; `before`: what the shell is told first, such as a limit. */
export async function startCli(
  args: string[],
  env: Record<string, string>,
  before = ':',
): Promise<ChildProcess> {
  const words = [process.execPath, '--enable-source-maps', await program(), ...args];
  return spawn('sh', ['-c', `${before} && exec "$@"`, 'sh', ...words], {
    cwd: ROOT,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs `thidua …` to its end. */
export async function runCli(args: string[], env: Record<string, string>): Promise<Finished> {
  const child = await startCli(args, env);
  let [out, err] = ['', ''];
  child.stdout?.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (err += bytes.toString()));
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

/** Resolves when the process has printed a line with these words; fails when it ends before. */
export async function printed(child: ChildProcess, words: string): Promise<void> {
  if (!child.stdout) throw new Error('nothing to read from');
  for await (const line of createInterface({ input: child.stdout })) if (line.includes(words)) return;
  throw new Error(`the process ended before it printed "${words}"`);
}

/** Resolves with the exit code. */
export function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((done) => child.on('close', done));
}
