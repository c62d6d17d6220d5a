import { setTimeout as pause } from 'node:timers/promises';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Live } from '../src/platform/live/live.js';
import { type TestApp, startApp } from './support/app.js';

/** Two instances on one database: what one tells, both hear; what is ordered once, is done once. */
describe('two instances', () => {
  let one: TestApp;
  let two: TestApp;
  beforeAll(async () => {
    one = await startApp();
    two = await startApp({ databaseUrl: one.databaseUrl });
    for (const app of [one, two]) app.get(Live).publicKind('open');
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  const followed = async (app: TestApp, topic: string) => {
    const answer = await fetch(`${app.url}/live/${topic}`);
    const reader = answer.body?.getReader();
    let text = '';
    const read = (async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return;
        text += Buffer.from(value ?? []).toString();
      }
    })();
    return { status: answer.status, text: () => text, stop: () => reader?.cancel(), read };
  };

  it('both hear what a committed transaction told, and nothing of one that was rolled back', async () => {
    const pages = await Promise.all([
      followed(one, 'open:7'),
      followed(two, 'open:7'),
      followed(two, 'open:8'),
    ]);
    await one.db.transaction((tx) => one.get(Live).tell(tx, 'open:7', { rank: 1 }));
    await expect(
      one.db.transaction(async (tx) => {
        await one.get(Live).tell(tx, 'open:7', { rank: 99 });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await pause(500);
    expect(pages.map((page) => /data: (.*)/.exec(page.text())?.[1])).toEqual([
      '{"rank":1}',
      '{"rank":1}',
      undefined,
    ]);
    expect(pages.some((page) => page.text().includes('99'))).toBe(false);
    await Promise.all(pages.map((page) => page.stop()));
  });

  it('refuse a stranger the topics of officers', async () => {
    expect((await followed(one, 'batch:1')).status).toBe(401);
  });

  it('listen again when the database dropped the connection', async () => {
    await one.db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'thidua live' and datname = current_database()",
    );
    await pause(1800);
    const page = await followed(two, 'open:9');
    await one.db.transaction((tx) => one.get(Live).tell(tx, 'open:9', { again: true }));
    await pause(400);
    expect(page.text()).toContain('{"again":true}');
    await page.stop();
  });

  it('do a job that was ordered once exactly once, and one that failed again', async () => {
    const done: string[] = [];
    const third = await startApp({
      databaseUrl: one.databaseUrl,
      work: (app) => {
        let failed = false;
        app.get(Jobs).handle<{ name: string }>('count', async ({ name }) => {
          if (name === 'fails' && !failed) {
            failed = true;
            throw new Error('first time');
          }
          done.push(name);
        });
      },
    });
    await third.db.transaction(async (tx) => {
      for (const name of ['a', 'b', 'fails']) await third.get(Jobs).add(tx, 'count', { name });
    });
    await third.db.transaction(async (tx) => {
      await third.get(Jobs).add(tx, 'count', { name: 'keyed' }, { key: 'k', at: new Date(Date.now() + 500) });
      await third.get(Jobs).add(tx, 'count', { name: 'keyed' }, { key: 'k' });
    });
    for (let waited = 0; done.length < 4 && waited < 20_000; waited += 200) await pause(200);
    await third.close();
    expect(done.sort()).toEqual(['a', 'b', 'fails', 'keyed']);
  });
});
