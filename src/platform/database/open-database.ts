import pg from 'pg';
import type { Config } from '../config.js';
import { log } from '../log.js';
import { binaries } from './binaries.js';
import { openCluster, stopCluster } from './cluster.js';

/** A database to work with, and what to do when done. */
export interface OpenDatabase {
  readonly url: string;
  close(): Promise<void>;
}

/** Advisory lock numbers of this program. Session locks on the embedded server only; MIGRATE on any. */
const SERVE = 7_403_001;
const IN_USE = 7_403_002;
export const MIGRATE = 7_403_003;

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'thidua keeper' });
  client.on('error', (fault) =>
    log.warn({ fault: fault.message }, 'the connection that holds the embedded database was lost'),
  );
  await client.connect();
  return client;
}

async function tryLock(
  client: pg.Client,
  kind: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared',
  key: number,
) {
  const { rows } = await client.query<{ got: boolean }>(`select ${kind}($1) as got`, [key]);
  return rows[0]?.got === true;
}

/** A server of DATABASE_URL must be 15 or later: the migrations use what came with it. */
async function demandVersion(url: string): Promise<void> {
  const client = await connect(url).catch((fault: Error) => {
    throw new Error(`DATABASE_URL cannot be reached: ${fault.message}`);
  });
  const { rows } = await client.query<{ number: number }>(
    "select current_setting('server_version_num')::int as number",
  );
  await client.end();
  const major = Math.floor((rows[0]?.number ?? 0) / 10_000);
  if (major < 15) throw new Error(`DATABASE_URL is PostgreSQL ${major}; Thi Đua needs 15 or later`);
}

/**
 * Opens the database: the server of DATABASE_URL, else the embedded one of DATA_DIR, started if it does not run.
 * Several programs may use the embedded one side by side (a server and its commands); the last one to leave stops it.
 * @param serving true for a server, of which the embedded database takes one only.
 * @throws Error in words when a second server starts on the same DATA_DIR.
 */
export async function openDatabase(config: Config, serving = false): Promise<OpenDatabase> {
  if (config.DATABASE_URL) {
    await demandVersion(config.DATABASE_URL);
    return { url: config.DATABASE_URL, close: async () => undefined };
  }
  const programs = await binaries();
  const { folder, port, password } = await openCluster(config.DATA_DIR, programs, ['max_connections=200']);
  const at = (database: string) => `postgres://thidua:${password}@127.0.0.1:${port}/${database}`;
  const keeper = await connect(at('postgres'));
  await tryLock(keeper, 'pg_try_advisory_lock_shared', IN_USE);
  const close = async () => {
    await keeper.query('select pg_advisory_unlock_all()').catch(() => undefined);
    const last = await tryLock(keeper, 'pg_try_advisory_lock', IN_USE).catch(() => false);
    await keeper.end().catch(() => undefined);
    if (last) await stopCluster(folder, programs);
  };
  if (serving && !(await tryLock(keeper, 'pg_try_advisory_lock', SERVE))) {
    await close();
    throw new Error(
      `Another Thi Đua already serves the data folder ${config.DATA_DIR}. ` +
        'Stop it first, or start this one with a DATA_DIR (and PORT) of its own, or give both the same DATABASE_URL.',
    );
  }
  await keeper.query('create database thidua').catch((fault: { code?: string }) => {
    if (fault.code !== '42P04') throw fault;
  });
  log.info({ folder, port }, `embedded PostgreSQL, data in ${folder}`);
  return { url: at('thidua'), close };
}
