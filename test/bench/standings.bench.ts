import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { fillNation, HISTORY_SQL, NATION, unitOfCommune } from './standings-nation.js';

type Dist = {
  main: typeof import('../../src/main.js');
  config: typeof import('../../src/platform/config.js');
  keys: typeof import('../../src/platform/crypto/keys.js');
  migrate: typeof import('../../src/platform/database/migrate.js');
  loader: typeof import('../../src/standings/contest-loader.js');
  source: typeof import('../../src/standings/fact-source.js');
  cut: typeof import('../../src/standings/cut.js');
  cuts: typeof import('../../src/standings/cuts.service.js');
  view: typeof import('../../src/standings/board-view.js');
};
type App = Awaited<ReturnType<Dist['main']['createServer']>>;
const built = <K extends keyof Dist>(path: string): Promise<Dist[K]> =>
  import(resolve('dist', path)) as Promise<Dist[K]>;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const timed = async <T>(work: () => T | Promise<T>): Promise<{ ms: number; value: T }> => {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
};
const DATABASE = 'thidua_bench_standings';

/** PGHOST and so on name a private cluster in which this database may be made and dropped. */
function urlOf(database: string): string {
  const { PGHOST = 'localhost', PGPORT = '5432', PGUSER = 'postgres' } = process.env;
  return PGHOST.startsWith('/')
    ? `postgres://${PGUSER}@/${database}?host=${encodeURIComponent(PGHOST)}&port=${PGPORT}`
    : `postgres://${PGUSER}@${PGHOST}:${PGPORT}/${database}`;
}

async function withClient<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlOf(database) });
  await client.connect();
  return work(client).finally(() => client.end());
}

async function start(fill: boolean): Promise<{ app: App; campaignId: number }> {
  const url = urlOf(DATABASE);
  if (fill) {
    await withClient('postgres', async (client) => {
      await client.query(`drop database if exists ${DATABASE} with (force)`);
      await client.query(`create database ${DATABASE}`);
    });
  }
  const { migrate } = await built<'migrate'>('platform/database/migrate.js');
  await migrate(url);
  const campaignId = await withClient(DATABASE, async (client) =>
    fill
      ? fillNation(client)
      : Number((await client.query("select id from campaign where slug = 'ca-nuoc'")).rows[0].id),
  );
  const { readConfig } = await built<'config'>('platform/config.js');
  const { loadKeys } = await built<'keys'>('platform/crypto/keys.js');
  const { createServer, listen } = await built<'main'>('main.js');
  const config = readConfig({
    DATA_DIR: mkdtempSync(join(tmpdir(), 'thidua-bench-data-')),
    LOG_LEVEL: 'error',
  });
  const app = await createServer({ config, keys: await loadKeys(config), databaseUrl: url });
  await listen(app, 0, '127.0.0.1');
  return { app, campaignId };
}

/** S: sorting 92 lists of 3.321 scores, as the engine sorts whole numbers in doubles. */
function sorting(): number {
  const keys = new Float64Array(NATION.communes);
  const began = performance.now();
  for (let day = 0; day < NATION.days; day++) {
    for (let unit = 0; unit < keys.length; unit++)
      keys[unit] = ((unit * 7_919 + day * 104_729) % 1_000_003) * 4_096 + unit;
    keys.sort();
  }
  return performance.now() - began;
}

export async function main(args: string[]): Promise<void> {
  const rounds = Number(args.find((one) => /^\d+$/.test(one)) ?? 5);
  const { app, campaignId } = await start(!args.includes('--kept'));
  const { DataSource } = await import('typeorm');
  const db = app.get(DataSource);
  const { loadContest } = await built<'loader'>('standings/contest-loader.js');
  const { loadCube } = await built<'source'>('standings/fact-source.js');
  const { Cut } = await built<'cut'>('standings/cut.js');
  const { Cuts } = await built<'cuts'>('standings/cuts.service.js');
  const keys = { knownAt: new Date(), rulesVersionId: null, treeOn: null };
  const results: Record<string, number[]> = { S: [], history: [], copy: [], cache: [], past: [], change: [] };
  const note = (name: string, ms: number) => results[name]?.push(ms);
  const contest = (await loadContest(db, { id: campaignId }, keys))!;
  let cut = new Cut(contest, await loadCube(db, contest, null), null);
  for (let round = 0; round < rounds; round++) {
    note('copy', (await timed(() => readOut(campaignId))).ms);
    const loaded = await timed(async () => {
      const own = (await loadContest(db, { id: campaignId }, keys))!;
      return new Cut(own, await loadCube(db, own, null), null);
    });
    note('cache', loaded.ms);
    cut = loaded.value;
    note('S', sorting());
    cut.moved();
    note('history', (await timed(() => cut.history())).ms);
  }
  const sql = await timed(() =>
    db.query<{ day: number; node: number; score: number; rank: number }[]>(HISTORY_SQL(campaignId)),
  );
  const differing = difference(cut, sql.value);
  for (let round = 0; round < rounds * 2; round++)
    note('change', await change(app, db, round, await app.get(Cuts, { strict: false }).current('ca-nuoc')));
  for (let round = 0; round < rounds; round++)
    note('past', await recall(app, Math.round((92 * (round + 1)) / rounds)));
  const load = await readers(app, 200, 4_000, Math.max(5, rounds));
  report({ results, sql: sql.ms, differing, rows: sql.value.length, load });
  await app.close();
}

/** The rows read out by COPY and thrown away: what any cache must at least do. */
async function readOut(campaignId: number): Promise<number> {
  return withClient(DATABASE, async (client) => {
    const stream = client.query(
      copyTo(`copy (select indicator_id, unit_id, from_on - date '2022-06-01', to_on - date '2022-06-01', numerator, denominator
        from reading where campaign_id = ${campaignId} and approved_at is not null and replaced_at is null and not withdrawn) to stdout`),
    );
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) bytes += chunk.length;
    return bytes;
  });
}

function difference(
  cut: InstanceType<Dist['cut']['Cut']>,
  rows: { day: number; node: number; score: number; rank: number }[],
): number {
  const { ranks, scores } = cut.history();
  return rows.filter(({ day, node, score, rank }) => {
    const at = day * cut.cube.rows + cut.cube.rowOf(node);
    return ranks[at] !== rank || scores[at] !== score * 10_000;
  }).length;
}

/** A board as it was known on the morning after some day, for the first time: milliseconds. */
async function recall(app: App, days: number): Promise<number> {
  const { Cuts } = await built<'cuts'>('standings/cuts.service.js');
  const { boardRows } = await built<'view'>('standings/board-view.js');
  const knownAt = new Date(Date.UTC(2022, 5, 1 + days, 4));
  const { ms } = await timed(async () => {
    const cut = await app.get(Cuts, { strict: false }).asKnown('ca-nuoc', { knownAt });
    return boardRows(cut, {
      group: 'communes',
      day: days - 1,
      order: { by: 'level' },
      query: '',
      from: 0,
      size: 50,
    });
  });
  return ms;
}

/** From the commit of an approved reading to the board's rows on the instance: milliseconds. */
async function change(
  app: App,
  db: import('typeorm').DataSource,
  round: number,
  cut: InstanceType<Dist['cut']['Cut']>,
): Promise<number> {
  const { boardRows } = await built<'view'>('standings/board-view.js');
  const unit = unitOfCommune(round * 137);
  const day = 91;
  const read = () =>
    boardRows(cut, { group: 'communes', day, order: { by: 'level' }, query: '', from: 0, size: 50 });
  read();
  const { Cuts } = await built<'cuts'>('standings/cuts.service.js');
  const before = cut.version;
  await db.transaction(async (tx) => {
    const [old] = await tx.query<{ id: number }[]>(
      `select r.id from reading r join indicator i on i.id = r.indicator_id where r.unit_id = $1 and i.ordinal = 3 and r.from_on = '2022-08-20' and replaced_at is null`,
      [unit],
    );
    await tx.query('update reading set replaced_at = now() where id = $1', [old!.id]);
    await tx.query(
      `insert into reading (batch_id, campaign_id, indicator_id, unit_id, from_on, to_on, numerator, denominator, source, state, recorded_at, approved_at, supersedes_id, reason)
       select batch_id, campaign_id, indicator_id, unit_id, from_on, to_on, denominator, denominator, source, 'approved', now(), now(), id, 'bench'
         from reading where id = $1`,
      [old!.id],
    );
  });
  const began = performance.now();
  while (cut.version === before && performance.now() - began < 5_000)
    await new Promise((done) => setImmediate(done));
  const now = await app.get(Cuts, { strict: false }).current('ca-nuoc');
  if (now !== cut) throw new Error('the cut was read anew instead of changed');
  read();
  return performance.now() - began;
}

interface Shots {
  readonly '2xx': number;
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
}

/** The readers are a process of their own, so that only the server's CPU is counted here. */
async function cannon(target: string, connections: number, seconds: number): Promise<Shots> {
  const program = resolve('node_modules/autocannon/autocannon.js');
  const child = spawn(process.execPath, [program, '-j', '-c', `${connections}`, '-d', `${seconds}`, target]);
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await new Promise((done) => child.on('close', done));
  return JSON.parse(text) as Shots;
}

interface Load {
  readonly product: number;
  readonly floor: number;
  /** Product against floor, of each round. */
  readonly ratios: number[];
  readonly errors: number;
  readonly bytes: number;
}

/** CPU of this process per board page under many readers, against raw node:http giving out the same bytes, in turn. */
async function readers(app: App, connections: number, milliseconds: number, rounds: number): Promise<Load> {
  const url = `${await app.getUrl()}/campaigns/ca-nuoc`;
  const page = Buffer.from(await (await fetch(url)).arrayBuffer());
  const raw = http.createServer((_, answer) =>
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page),
  );
  await new Promise<void>((done) => raw.listen(0, '127.0.0.1', done));
  const { port } = raw.address() as { port: number };
  const run = async (target: string) => {
    const began = process.cpuUsage();
    const result = await cannon(target, connections, milliseconds / 1000);
    const { user, system } = process.cpuUsage(began);
    const requests = result['2xx'];
    return {
      each: (user + system) / Math.max(1, requests),
      errors: result.errors + result.timeouts + result.non2xx,
    };
  };
  await run(url);
  const pairs: { product: Awaited<ReturnType<typeof run>>; floor: Awaited<ReturnType<typeof run>> }[] = [];
  for (let round = 0; round < rounds; round++)
    pairs.push({ product: await run(url), floor: await run(`http://127.0.0.1:${port}/`) });
  raw.close();
  return {
    product: median(pairs.map(({ product }) => product.each)),
    floor: median(pairs.map(({ floor }) => floor.each)),
    ratios: pairs.map(({ product, floor }) => product.each / floor.each),
    errors: pairs.reduce((sum, { product }) => sum + product.errors, 0),
    bytes: page.length,
  };
}

interface Outcome {
  readonly results: Record<string, number[]>;
  readonly sql: number;
  readonly differing: number;
  readonly rows: number;
  readonly load: Load;
}

function report({ results, sql, differing, rows, load }: Outcome): void {
  const m = Object.fromEntries(
    Object.entries(results).map(([name, values]) => [name, median(values)]),
  ) as Record<string, number>;
  const ms = (value = 0) => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
  const lines = [
    `history of all units on 92 days   ${ms(m.history)} = ${(m.history! / m.S!).toFixed(2)} x S (${ms(m.S)}; at most 4), G ${ms(sql)} = ${(sql / m.history!).toFixed(0)} x (at least 50)`,
    `ranks and scores that differ from G   ${differing} of ${rows}`,
    `cache from empty   ${ms(m.cache)} = ${(m.cache! / m.copy!).toFixed(2)} x reading out by COPY (${ms(m.copy)}; at most 3)`,
    `one approved reading to the board   ${ms(m.change)}, worst ${ms(Math.max(...(results.change ?? [])))} (at most 50)`,
    `as known at a past instant   ${ms(m.past)}, worst ${ms(Math.max(...(results.past ?? [])))} (at most 1000)`,
    `board page, 200 readers   ${load.product.toFixed(0)} µs of CPU = ${median(load.ratios).toFixed(2)} (${Math.min(...load.ratios).toFixed(2)}-${Math.max(...load.ratios).toFixed(2)}) x node:http with the same ${load.bytes} bytes (${load.floor.toFixed(0)} µs; at most 1.5), ${load.errors} errors`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  writeFileSync(
    join(tmpdir(), 'thidua-bench-standings.json'),
    JSON.stringify({ m, sql, differing, rows, load }, null, 2),
  );
}
