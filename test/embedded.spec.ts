import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../src/platform/database/migrate.js';
import { cloneDatabase } from './support/app.js';
import { ended, printed, runCli, startCli } from './support/cli.js';

const freshFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'thidua-embedded-'));
  chmodSync(folder, 0o755);
  return folder;
};
const port = () => String(20_000 + Math.floor(Math.random() * 20_000));
const servers = (folder: string) =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`-D ${folder}/postgres`))
    .map((line) => Number(line.trim().split(' ')[0]));

describe('the embedded PostgreSQL', () => {
  /** Made by the first server here, and left stopped by each. */
  const DATA_DIR = freshFolder();

  it('is refused to a second server in words, shared with commands, and stopped on a signal', async () => {
    const first = await startCli(['serve'], { DATA_DIR, PORT: port() });
    await printed(first, 'Thi Đua:');
    const second = await runCli(['serve'], { DATA_DIR, PORT: port() });
    expect(second.code).toBe(2);
    expect(second.err).toContain(`Another Thi Đua already serves the data folder ${DATA_DIR}`);
    const beside = await runCli(['migrate'], { DATA_DIR });
    expect(beside).toMatchObject({ code: 0, out: 'The schema is up to date.\n' });
    expect(servers(DATA_DIR)).toHaveLength(1);
    first.kill('SIGINT');
    expect(await ended(first)).toBe(0);
    expect(servers(DATA_DIR)).toEqual([]);
  });

  it('is found again after kill -9, also when the server itself was killed', async () => {
    const first = await startCli(['serve'], { DATA_DIR, PORT: port() });
    await printed(first, 'Thi Đua:');
    first.kill('SIGKILL');
    await ended(first);
    const [left] = servers(DATA_DIR);
    expect(left).toBeDefined();
    expect((await runCli(['migrate'], { DATA_DIR })).code).toBe(0);
    expect(servers(DATA_DIR)).toEqual([]);

    const second = await startCli(['serve'], { DATA_DIR, PORT: port() });
    await printed(second, 'Thi Đua:');
    const [server] = servers(DATA_DIR);
    second.kill('SIGKILL');
    process.kill(server ?? 0, 'SIGKILL');
    await ended(second);
    expect(readFileSync(join(DATA_DIR, 'postgres/postmaster.pid'), 'utf8')).toContain(String(server));
    expect(await runCli(['migrate'], { DATA_DIR })).toMatchObject({
      code: 0,
      out: 'The schema is up to date.\n',
    });
  });

  it('finds a place of its own when its user cannot enter the data folder', async () => {
    const closed = freshFolder();
    const inner = join(closed, 'inner');
    mkdirSync(inner);
    chmodSync(closed, 0o700);
    const { code, out } = await runCli(['migrate'], { DATA_DIR: inner });
    expect(code).toBe(0);
    expect(out).toContain('applied 0000-ground.sql');
  });

  it('says what to do about a taken port', async () => {
    const [other, PORT] = [freshFolder(), port()];
    const first = await startCli(['serve'], { DATA_DIR, PORT });
    await printed(first, 'Thi Đua:');
    const second = await runCli(['serve'], { DATA_DIR: other, PORT });
    expect(second).toMatchObject({ code: 2 });
    expect(second.err).toContain(`Port ${PORT} is taken by another program: set PORT`);
    first.kill('SIGTERM');
    expect(await ended(first)).toBe(0);
  });
});

describe('settings', () => {
  it('name every faulty variable, what is expected, and never the value', async () => {
    const { code, err } = await runCli(['serve'], {
      PORT: '99999',
      DATABASE_URL: 'mysql://root:hunter2@x',
      ADMIN_LOGIN: 'chi',
    });
    expect(code).toBe(2);
    expect(err).toContain('PORT: expected a whole number from 1 to 65535');
    expect(err).toContain('DATABASE_URL: expected postgres://');
    expect(err).toContain('ADMIN_PASSWORD: expected at least 12 characters');
    expect(err).not.toContain('hunter2');
  });

  it('name the remedy when the database cannot be reached', async () => {
    const { code, err } = await runCli(['migrate'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    expect(code).toBe(2);
    expect(err).toContain('DATABASE_URL cannot be reached');
  });
});

describe('migrations', () => {
  it('run once when three instances start at the same moment', async () => {
    const url = await cloneDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const tables = () =>
      client
        .query<{ count: number }>('select count(*)::int from migration')
        .then(({ rows }) => rows[0]?.count);
    const all = await tables();
    await client.query(
      'drop schema public cascade; create schema public; drop schema graphile_worker cascade',
    );
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(applied.map((names) => names.length).sort((a, b) => a - b)).toEqual([0, 0, all]);
    expect(await tables()).toBe(all);
    await client.end();
  });

  it('go forward only', async () => {
    const url = await cloneDatabase();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query("update migration set sha256 = 'other' where name = '0000-ground.sql'");
    await client.end();
    await expect(migrate(url)).rejects.toThrow(
      'migration 0000-ground.sql was changed after it had been applied',
    );
  });
});
