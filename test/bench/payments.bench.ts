import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { openTerms, type Terms } from '../../src/rules/eligibility/terms.js';
import { codeHashes, createOracle } from '../support/plain-sql.js';
import { writePaymentsFile } from './payments-file.js';

type Dist = {
  main: typeof import('../../src/main.js');
  config: typeof import('../../src/platform/config.js');
  keys: typeof import('../../src/platform/crypto/keys.js');
  migrate: typeof import('../../src/platform/database/migrate.js');
  promotions: typeof import('../../src/entries/promotions.service.js');
  intake: typeof import('../../src/entries/intake.service.js');
  batches: typeof import('../../src/payments/batches.service.js');
  reevaluation: typeof import('../../src/entries/reevaluation.service.js');
  vault: typeof import('../../src/platform/crypto/vault.js');
  apiKeys: typeof import('../../src/payments/api-keys.service.js');
  freezing: typeof import('../../src/draws/freeze.service.js');
  signer: typeof import('../../src/platform/crypto/ed25519.js');
  draws: typeof import('../../src/draws/draw.queries.js');
};
export type App = Awaited<ReturnType<Dist['main']['createServer']>>;

export const built = <K extends keyof Dist>(path: string): Promise<Dist[K]> =>
  import(resolve('dist', path)) as Promise<Dist[K]>;
export const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The server under test: PGHOST and so on name a private cluster whose databases this may create and drop. */
export function urlOf(database: string): string {
  const { PGHOST = 'localhost', PGPORT = '5432', PGUSER = 'postgres' } = process.env;
  return PGHOST.startsWith('/')
    ? `postgres://${PGUSER}@/${database}?host=${encodeURIComponent(PGHOST)}&port=${PGPORT}`
    : `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${database}`;
}

async function sql(database: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

const COLUMNS = `payment_id text, national_id text, full_name text, phone text, amount bigint, paid_at timestamptz, channel text,
  commune_code text, service_code text, primary key (payment_id)`;

/** F: seconds of psql \copy of the clean files into one logged table with its primary key; the last file is timed. */
function floor(files: string[]): number {
  const load = files.map(
    (file, index) =>
      `${index === files.length - 1 ? '\\timing on\n' : ''}\\copy t from '${file}' with (format csv, header true)`,
  );
  const input = `drop table if exists t; create table t (${COLUMNS});\n${load.join('\n')}\n`;
  const ran = spawnSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', 'thidua_bench_floor', '-f', '-'], {
    input,
    encoding: 'utf8',
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return Number(/Time: ([\d.]+)/.exec(ran.stdout)![1]) / 1000;
}

const TERMS: Terms = {
  ...openTerms('2025-07-01', '2025-09-30'),
  minimumAmount: 10_000,
  caps: { payment: null, day: null, period: null, programme: 3 },
  carryOver: true,
};

export async function freshApp(): Promise<{
  app: App;
  promotionId: number;
  database: string;
  dataDir: string;
}> {
  const database = 'thidua_bench';
  await sql('postgres', `drop database if exists ${database} with (force)`);
  await sql('postgres', `create database ${database}`);
  const url = urlOf(database);
  const { migrate } = await built<'migrate'>('platform/database/migrate.js');
  await migrate(url);
  const { readConfig } = await built<'config'>('platform/config.js');
  const { loadKeys } = await built<'keys'>('platform/crypto/keys.js');
  const { createServer } = await built<'main'>('main.js');
  const { Promotions } = await built<'promotions'>('entries/promotions.service.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'thidua-bench-data-'));
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', TRUST_PROXY: 'true' });
  const app = await createServer({ config, keys: await loadKeys(config), databaseUrl: url });
  await app.init();
  const { DataSource } = await import('typeorm');
  const promotionId = await app.get(DataSource).transaction(async (tx) => {
    const [campaign] = await tx.query<{ id: number }[]>(
      `insert into campaign (slug, kind, title_vi, title_en, starts_on, ends_on, units_as_of)
       values ('bench', 'promotion', 'Đo', 'Bench', '2025-07-01', '2025-09-30', '2025-07-01') returning id`,
    );
    await tx.query(
      `insert into draw_period (campaign_id, slug, ordinal, title_vi, title_en, starts_at, cutoff_at)
       values ($1, 'ky-1', 1, 'Kỳ 1', 'Period 1', '2025-07-01T00:00+07', '2025-10-01T00:00+07')`,
      [campaign!.id],
    );
    await app
      .get(Promotions, { strict: false })
      .open(tx, campaign!.id, { prefix: '', digits: 9, order: 'sequential' });
    await tx.query(
      `insert into terms (promotion_id, version, body, created_at, published_at) values ($1, 1, $2, now(), now())`,
      [campaign!.id, JSON.stringify(TERMS)],
    );
    return campaign!.id;
  });
  return { app, promotionId, database, dataDir };
}

export async function importFile(
  app: App,
  promotionId: number,
  path: string,
): Promise<{ seconds: number; batch: Record<string, unknown> }> {
  const { DataSource } = await import('typeorm');
  const { Batches } = await built<'batches'>('payments/batches.service.js');
  const { Intake } = await built<'intake'>('entries/intake.service.js');
  const db = app.get(DataSource);
  const batches = app.get(Batches, { strict: false });
  const began = performance.now();
  const file = await batches.receiveFile(path);
  const id = await db.transaction((tx) =>
    batches.register(tx, file, { promotionId, profile: 'portal', via: 'command', officerId: null }),
  );
  await app.get(Intake, { strict: false }).run(id);
  const seconds = (performance.now() - began) / 1000;
  const [batch] = await db.query<Record<string, unknown>[]>('select * from import_batch where id = $1', [id]);
  if (batch?.state !== 'done') throw new Error(JSON.stringify(batch));
  return { seconds, batch };
}

/** Made once and kept: the file under test, the later one that repeats a twentieth of it, and for the floor the same without faults. */
export function paymentFiles(rows: number) {
  const folder = join(tmpdir(), 'thidua-bench-files');
  mkdirSync(folder, { recursive: true });
  const file = (name: string, shape: Parameters<typeof writePaymentsFile>[1]) => {
    const path = join(folder, `${name}-${rows}.csv`);
    if (!existsSync(path)) writePaymentsFile(path, shape);
    return path;
  };
  const first = () => file('first', { rows });
  return {
    first,
    clean: () => file('clean', { rows, clean: true }),
    second: () => file('later', { rows, offset: rows, seed: 7, again: first() }),
    cleanSecond: () => file('clean-later', { rows, clean: true, offset: rows, seed: 7 }),
  };
}

/** `rows`, `rounds`, and `first` when only a first file is to be measured. */
export async function main([rows = '1000000', rounds = '3', only]: string[]): Promise<void> {
  const files = paymentFiles(Number(rows));
  const [clean, first] = [files.clean(), files.first()];
  await sql('postgres', 'drop database if exists thidua_bench_floor with (force)');
  await sql('postgres', 'create database thidua_bench_floor');
  const ratios: { first: number[]; later: number[] } = { first: [], later: [] };
  for (let round = 1; round <= Number(rounds); round++) {
    const F = floor([clean]);
    const F2 = only ? 0 : floor([clean, files.cleanSecond()]);
    const { app, promotionId, dataDir } = await freshApp();
    const whole = await importFile(app, promotionId, first);
    ratios.first.push(whole.seconds / F);
    say(round, 'first file', whole, F);
    if (round === 1 && Number(rows) <= 1_000_000) await compare(app, promotionId);
    if (!only) {
      const later = await importFile(app, promotionId, files.second());
      ratios.later.push(later.seconds / F2);
      say(round, 'later file', later, F2);
    }
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  for (const [name, values] of Object.entries(ratios))
    if (values.length > 0)
      process.stdout.write(`${name} file: median ${median(values).toFixed(2)} of the floor\n`);
}

/** Both ways to the codes: the import's, and plain SQL over what it stored. */
async function compare(app: App, promotionId: number): Promise<void> {
  const { DataSource } = await import('typeorm');
  const db = app.get(DataSource);
  await db.query('analyze');
  await createOracle(db);
  const { stored, oracle } = await codeHashes(db, promotionId, TERMS, 9);
  process.stdout.write(
    `hash over every (payment, code): ${stored} stored, ${oracle} by plain SQL: ${stored === oracle ? 'the same' : 'DIFFERENT'}\n`,
  );
}

function say(
  round: number,
  what: string,
  { seconds, batch }: Awaited<ReturnType<typeof importFile>>,
  F: number,
) {
  const counts = ['received', 'eligible', 'refused', 'quarantined', 'duplicate', 'entries'].map(
    (name) => `${name} ${String(batch[name])}`,
  );
  process.stdout.write(
    `${round}: ${what} ${seconds.toFixed(2)} s, floor ${F.toFixed(2)} s, ${(seconds / F).toFixed(2)} of it, ` +
      `peak memory ${peak()} MB; ${counts.join(', ')}\n`,
  );
}

function peak(): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024);
}
