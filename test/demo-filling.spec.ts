import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { STEPS } from '../src/demo/steps.js';
import { cloneDatabase } from './support/app.js';
import { ended, printed, runCli, startCli } from './support/cli.js';
import { INVENTORY, inventory, query } from './support/demo.js';

const port = () => String(20_000 + Math.floor(Math.random() * 20_000));
const folder = () => mkdtempSync(join(tmpdir(), 'thidua-demo-'));

const steps = async (url: string) =>
  (
    await query<{ name: string; value: string }>(url, 'select name, value from installation order by name')
  ).map(({ name, value }) => `${name} ${value}`);

const COMPLETE = ['demo complete', ...STEPS.map(({ name }) => `demo.${name} done`)].sort();

/** Kills the server with signal 9, some milliseconds after it said that a step was done, or after it was started. */
async function killed(env: Record<string, string>, { after, delay }: { after?: string; delay: number }) {
  const child = await startCli(['serve', '--demo'], env);
  const number = STEPS.findIndex(({ name }) => name === after) + 1;
  if (child.stdout && after)
    for await (const line of createInterface({ input: child.stdout }))
      if (line.trim().startsWith(`${number}/`) || line.includes('Thi Đua:')) break;
  await pause(delay);
  child.kill('SIGKILL');
  await ended(child);
}

describe('the filling of the example', () => {
  it('goes on where kill -9 ended it, as often as it takes, and holds everything once', async () => {
    const env = { DATABASE_URL: await cloneDatabase(), DATA_DIR: folder(), PORT: port() };
    // While it starts, inside a step of one transaction, and inside those that take up their work again.
    await killed(env, { delay: 700 });
    for (const after of ['units', 'drive', 'promotion', 'payments-1', 'draw-1'])
      await killed(env, { after, delay: 250 });
    const last = await startCli(['serve', '--demo'], env);
    await printed(last, 'Thi Đua:');
    last.kill('SIGTERM');
    expect(await ended(last)).toBe(0);
    expect(await steps(env.DATABASE_URL)).toEqual(COMPLETE);
    expect(await inventory(env.DATABASE_URL)).toEqual(INVENTORY);
    const again = await runCli(['demo'], env);
    expect(again).toMatchObject({
      code: 0,
      out: 'The example province was ready before; nothing was changed.\n',
    });
    expect(await inventory(env.DATABASE_URL)).toEqual(INVENTORY);
  }, 900_000);

  it('leaves a database alone that holds anything of its own, and serves it', async () => {
    const url = await cloneDatabase();
    await query(
      url,
      `insert into organisation (code, name, kind, created_at) values ('that-that', 'Cơ quan thật', 'administration', now());
       insert into officer (login, name, organisation_id, password_hash, password_set_at, created_at)
         select 'that', 'Người Thật', id, 'x', now(), now() from organisation`,
    );
    // The server itself may note at its start that it invited a first administrator.
    const holdings = async () => ({ ...(await inventory(url)), journal_entries: 0 });
    const before = await holdings();
    const refused = await runCli(['demo'], { DATABASE_URL: url, DATA_DIR: folder() });
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('holds data already');
    const server = await startCli(['serve', '--demo'], {
      DATABASE_URL: url,
      DATA_DIR: folder(),
      PORT: port(),
    });
    await printed(server, 'Thi Đua:');
    server.kill('SIGTERM');
    await ended(server);
    expect(await holdings()).toEqual(before);
    expect(await steps(url)).toEqual([]);
  }, 120_000);
});
