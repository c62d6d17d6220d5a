import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { communeCodes, driveOf, HANDED_IN, readingsFile, unitsFile } from './readings-file.js';

type Dist = {
  main: typeof import('../../src/main.js');
  config: typeof import('../../src/platform/config.js');
  keys: typeof import('../../src/platform/crypto/keys.js');
  migrate: typeof import('../../src/platform/database/migrate.js');
  template: typeof import('../../src/indicators/drive-template.js');
  plans: typeof import('../../src/indicators/plans.service.js');
  delimited: typeof import('../../src/platform/tables/delimited.js');
  intake: typeof import('../../src/readings/intake.service.js');
  file: typeof import('../../src/readings/reading-file.js');
  units: typeof import('../../src/units/unit-import.js');
};
type App = Awaited<ReturnType<Dist['main']['createServer']>>;
const built = <K extends keyof Dist>(path: string): Promise<Dist[K]> =>
  import(resolve('dist', path)) as Promise<Dist[K]>;
const DATABASE = 'thidua_bench_readings';

/** PGHOST and so on name a private cluster in which this database may be made and dropped. */
function urlOf(database: string): string {
  const { PGHOST = 'localhost', PGPORT = '5432', PGUSER = 'postgres' } = process.env;
  return PGHOST.startsWith('/')
    ? `postgres://${PGUSER}@/${database}?host=${encodeURIComponent(PGHOST)}&port=${PGPORT}`
    : `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${database}`;
}

async function start(): Promise<App> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  await client.query(`drop database if exists ${DATABASE} with (force)`);
  await client.query(`create database ${DATABASE}`).finally(() => client.end());
  const { migrate } = await built<'migrate'>('platform/database/migrate.js');
  await migrate(urlOf(DATABASE));
  const { readConfig } = await built<'config'>('platform/config.js');
  const { loadKeys } = await built<'keys'>('platform/crypto/keys.js');
  const { createServer } = await built<'main'>('main.js');
  const config = readConfig({
    DATA_DIR: mkdtempSync(join(tmpdir(), 'thidua-bench-data-')),
    LOG_LEVEL: 'error',
  });
  const app = await createServer({ config, keys: await loadKeys(config), databaseUrl: urlOf(DATABASE) });
  await app.init();
  return app;
}

/** The province and its published campaign; the codes of its indicators. */
async function prepare(app: App, codes: string[]): Promise<string[]> {
  const { DataSource } = await import('typeorm');
  const { UnitImporter } = await built<'units'>('units/unit-import.js');
  const { Plans } = await built<'plans'>('indicators/plans.service.js');
  const { driveTemplate } = await built<'template'>('indicators/drive-template.js');
  await app
    .get(UnitImporter, { strict: false })
    .import({ file: unitsFile(codes), validFrom: '2022-01-01', commit: true, officer: null });
  const db = app.get(DataSource);
  const units = await db.query<{ id: number }[]>(
    `select unit_id as id from unit_version where kind = 'commune'`,
  );
  const plan = driveTemplate(driveOf(units.map(({ id }) => id)));
  const plans = app.get(Plans, { strict: false });
  await db.transaction(async (tx) => {
    await plans.create(tx, plan, null);
    await plans.publish(tx, plan.slug, null);
  });
  return plan.indicators.map(({ code }) => code);
}

/** node test/bench/run.mjs readings [communes] [days]: a file judged, taken in, and judged again. */
export async function main(args: string[]): Promise<void> {
  const [communes = 139, days = 90] = args.map(Number);
  const app = await start();
  const codes = communeCodes(communes);
  const file = readingsFile(codes, await prepare(app, codes), days);
  const { delimited } = await built<'delimited'>('platform/tables/delimited.js');
  const { readFile } = await built<'file'>('readings/reading-file.js');
  const { Intake } = await built<'intake'>('readings/intake.service.js');
  for (const [name, commit] of [
    ['dry run', false],
    ['commit', true],
    ['again', true],
  ] as const) {
    const began = performance.now();
    const cpu = process.cpuUsage();
    const { cells, columns } = readFile(delimited(file));
    const report = await app.get(Intake, { strict: false }).take({ ...HANDED_IN, cells, columns, commit });
    const { user, system } = process.cpuUsage(cpu);
    const { rows, added, unchanged } = report;
    process.stdout.write(
      `${name.padEnd(8)} ${Math.round(performance.now() - began)} ms, of which CPU of this process ${Math.round((user + system) / 1000)} ms (at most 10000): ${JSON.stringify({ rows, added, unchanged })}\n`,
    );
  }
  await app.close();
}
