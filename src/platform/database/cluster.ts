import { execFile, execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries, RunAs } from './binaries.js';

const run = promisify(execFile);

/** A running embedded server: where its files are, and how to reach it. */
export interface Cluster {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
}

const asUser = (runAs?: RunAs) => ({ uid: runAs?.uid, gid: runAs?.gid, cwd: '/' });

function canEnter(folder: string, runAs: RunAs): boolean {
  try {
    execFileSync('test', ['-x', folder], { ...asUser(runAs), stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * The server's files lie in DATA_DIR/postgres; where its user cannot enter DATA_DIR (a checkout under /root), they lie in
 * /var/lib/thidua under a name made from DATA_DIR, so that every program that knows DATA_DIR finds them.
 */
export async function clusterFolder(dataDir: string, runAs?: RunAs): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  if (!runAs || canEnter(dataDir, runAs)) return join(dataDir, 'postgres');
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  for (const base of ['/var/lib/thidua', join(tmpdir(), 'thidua')]) {
    await mkdir(base, { recursive: true, mode: 0o755 }).catch(() => undefined);
    if (canEnter(base, runAs)) return join(base, name);
  }
  throw new Error(
    `The user ${runAs.user}, whom PostgreSQL runs as, can enter neither ${dataDir} nor /var/lib/thidua. ` +
      'Set DATA_DIR to a folder open to that user, start Thi Đua as an ordinary user, or set DATABASE_URL.',
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready, failed) => server.once('error', failed).listen(0, '127.0.0.1', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (!address || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

/** initdb into a draft folder and rename, so that a death in the middle leaves nothing that looks like a database. */
async function create(folder: string, password: string, { initdb, runAs }: Binaries): Promise<void> {
  const secret = join(tmpdir(), `thidua-${randomBytes(8).toString('hex')}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  try {
    if (runAs) for (const path of [folder, secret]) await chown(path, runAs.uid, runAs.gid);
    const flags = [
      '--encoding=UTF8',
      '--locale=C',
      '--auth=scram-sha-256',
      '--username=thidua',
      `--pwfile=${secret}`,
    ];
    await run(initdb, [`--pgdata=${folder}`, ...flags], asUser(runAs));
    await writeFile(join(folder, 'thidua.complete'), '');
  } finally {
    await rm(secret, { force: true });
  }
}

/** Port of the server that runs on this folder now; postmaster.pid holds its process on line 1, its port on line 4. */
async function runningPort(folder: string): Promise<number | undefined> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!pid || lines[7]?.trim() !== 'ready') return undefined;
  try {
    process.kill(pid, 0);
    return Number(lines[3]);
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM' ? Number(lines[3]) : undefined;
  }
}

async function start(folder: string, { pg_ctl, runAs }: Binaries, settings: string[]): Promise<number> {
  const port = await freePort();
  const options = [
    `-p ${port}`,
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings].map((s) => `-c ${s}`),
  ];
  const log = join(folder, 'server.log');
  const flags = ['start', '-w', '-t', '60', '-D', folder, '-l', log, '-o', options.join(' ')];
  try {
    await run(pg_ctl, flags, asUser(runAs));
    return port;
  } catch {
    const words = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-4).join('\n  ');
    throw new Error(`The embedded PostgreSQL in ${folder} did not start:\n  ${words}`);
  }
}

async function passwordOf(dataDir: string): Promise<string> {
  const path = join(dataDir, 'postgres.password');
  const stored = await readFile(path, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return undefined;
    throw new Error(
      `${path} cannot be read: ${fault.message}. Was it made by another user? Start as that user or set DATA_DIR.`,
    );
  });
  if (stored) return stored.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** One starter at a time: a file made exclusively, with the starter's process in it; one left by a dead process is removed. */
async function alone<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dataDir, 'postgres.starting');
  for (let waited = 0; ; waited += 100) {
    const file = await open(path, 'wx').catch((fault: NodeJS.ErrnoException) => {
      if (fault.code === 'EEXIST') return undefined;
      throw new Error(
        `${dataDir} cannot be written: ${fault.message}. Set DATA_DIR to a folder of your own.`,
      );
    });
    if (file) {
      await file.writeFile(String(process.pid));
      await file.close();
      return work().finally(() => rm(path, { force: true }));
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => '0'));
    const gone = owner > 0 && !(await stat(`/proc/${owner}`).catch(() => false)) && !alive(owner);
    if (gone || waited > 90_000) await rm(path, { force: true });
    await pause(100);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The server on this data folder: found running, or started; created when there is none yet. */
export async function openCluster(
  dataDir: string,
  programs: Binaries,
  settings: string[] = [],
): Promise<Cluster> {
  const folder = await clusterFolder(dataDir, programs.runAs);
  return alone(dataDir, async () => {
    const password = await passwordOf(dataDir);
    const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => undefined);
    const complete = await stat(join(folder, 'thidua.complete')).catch(() => undefined);
    if (version === undefined || !complete) await create(folder, password, programs);
    else if (Number.parseInt(version, 10) !== programs.major)
      throw new Error(
        `${folder} was made by PostgreSQL ${version.trim()}, this program brings ${programs.major}: ` +
          'dump it with the old version, or set DATA_DIR to a new folder.',
      );
    const port = (await runningPort(folder)) ?? (await start(folder, programs, settings));
    return { folder, port, password };
  });
}

/** Stops the server, letting running transactions roll back. */
export async function stopCluster(folder: string, { pg_ctl, runAs }: Binaries): Promise<void> {
  await run(pg_ctl, ['stop', '-w', '-t', '30', '-m', 'fast', '-D', folder], asUser(runAs)).catch(
    () => undefined,
  );
}
