import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { driveReadings } from '../../src/demo/drive-readings.js';
import { OFFICERS } from '../../src/demo/officers.js';
import { paymentFiles } from '../../src/demo/payment-files.js';
import { UNITS } from '../../src/demo/units.js';
import { cloneDatabase, startApp, type TestApp } from './app.js';
import { type Finished, runCli } from './cli.js';

/** The example as the command makes it, and the application on it. */
export interface Demo {
  readonly app: TestApp;
  readonly env: { readonly DATABASE_URL: string; readonly DATA_DIR: string };
  readonly filling: Finished;
}

/** A copy of the example: the first who wants one has it made by the command, once for a whole run. */
export async function startDemo(): Promise<Demo> {
  const [server, folder] = [process.env.TEST_SERVER, join(process.env.TEST_FOLDER ?? '', 'example')];
  const [template, finished] = [`${process.env.TEST_TEMPLATE}_example`, join(folder, 'filling.json')];
  const queue = new pg.Client({ connectionString: server });
  await queue.connect();
  await queue.query('select pg_advisory_lock(hashtext($1))', [template]);
  if (!existsSync(finished)) {
    const env = { DATABASE_URL: await cloneDatabase(undefined, template), DATA_DIR: join(folder, 'data') };
    mkdirSync(env.DATA_DIR, { recursive: true });
    writeFileSync(finished, JSON.stringify(await runCli(['demo'], env)));
  }
  await queue.end();
  const env = {
    DATABASE_URL: await cloneDatabase(template),
    DATA_DIR: mkdtempSync(join(tmpdir(), 'thidua-demo-')),
  };
  cpSync(join(folder, 'data'), env.DATA_DIR, { recursive: true });
  const app = await startApp({ databaseUrl: env.DATABASE_URL, dataDir: env.DATA_DIR });
  return { app, env, filling: JSON.parse(readFileSync(finished, 'utf8')) as Finished };
}

export async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query<T>(sql).finally(() => client.end())).rows;
}

const payments = paymentFiles().reduce(
  (sum, { rows, malformed, duplicates, conflicts }) => sum + rows - malformed - duplicates - conflicts,
  0,
);

/** What the example must hold, each thing once, however often its filling was begun. */
export const INVENTORY = {
  units: new Set(UNITS.map(({ code }) => code)).size,
  unit_versions: UNITS.length,
  organisations: 6,
  officers: OFFICERS.length,
  demo_accounts: OFFICERS.length,
  campaigns: 3,
  readings: driveReadings().length,
  reading_batches: 5,
  publications: 2,
  import_batches: 8,
  payments,
  codes: 17_682,
  draws: 2,
  cosignatures: 4,
  winners: 7,
  journal_entries: 53,
};

const TABLES: Record<keyof typeof INVENTORY, string> = {
  units: 'unit',
  unit_versions: 'unit_version',
  organisations: 'organisation',
  officers: 'officer',
  demo_accounts: 'demo_account',
  campaigns: 'campaign',
  readings: 'reading',
  reading_batches: 'reading_batch',
  publications: 'publication',
  import_batches: `import_batch where state = 'done'`,
  payments: 'payment',
  codes: 'entry',
  draws: 'draw',
  cosignatures: 'cosignature',
  winners: 'winner',
  journal_entries: 'journal_entry',
};

export async function inventory(url: string): Promise<Record<string, number>> {
  const counts = Object.entries(TABLES).map(
    ([name, from]) => `(select count(*)::int from ${from}) as ${name}`,
  );
  const [row] = await query<Record<string, number>>(url, `select ${counts.join(', ')}`);
  return row ?? {};
}
