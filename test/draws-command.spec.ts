import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestApp, startApp } from './support/app.js';
import { bringTo, rootOf, statesOf } from './support/ceremony.js';
import { ended, runCli, startCli } from './support/cli.js';
import { makeOfficers, makePromotion, type Officers } from './support/draw.js';
import { PASSWORD } from './support/sign-in.js';

describe('thidua draw and thidua witness', () => {
  let app: TestApp;
  let people: Officers;
  const folder = mkdtempSync(join(tmpdir(), 'thidua-draw-'));
  const env = () => ({ DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir, THIDUA_PASSWORD: PASSWORD });
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
  });
  afterAll(() => app.close());

  /** The command writes all of its act but the journal, waits there for a lock, and is killed. */
  const killedInTheAct = async (words: string[]) => {
    const held = app.db.createQueryRunner();
    await held.startTransaction();
    await held.query('lock table journal_entry in exclusive mode');
    const child = await startCli(words, env());
    const blocked = () =>
      app.db.query<{ pid: number }[]>(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ~ 'journal_entry'`,
      );
    let waiting: { pid: number }[] = [];
    while (waiting.length === 0) {
      expect(child.exitCode).toBeNull();
      waiting = await blocked();
    }
    child.kill('SIGKILL');
    await ended(child);
    await held.rollbackTransaction();
    await held.release();
    const gone = async () =>
      (await app.db.query<unknown[]>('select 1 from pg_stat_activity where pid = $1', [waiting[0]!.pid]))
        .length === 0;
    while (!(await gone()));
  };

  it('freezes after it was killed in the middle of it, takes the signature of an offline witness, draws and exports what verifies', async () => {
    const promotion = await makePromotion(app, 20);
    const slug = await bringTo(app, people, promotion, 'objections-open', {
      objectionDays: 0,
      witnessesWanted: 1,
    });
    const officer = ['--officer', people.organiser.login];
    const refused = await runCli(['draw', 'run', slug, ...officer], env());
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('sources of chance are not complete'),
    ]);
    await killedInTheAct(['draw', 'freeze', slug, ...officer]);
    expect(await statesOf(app, slug)).toEqual(['rules-published', 'objections-open']);
    const [left] = await app.db.query<{ n: number }[]>(
      'select (select count(*) from frozen_part)::int + (select count(*) from list_closing)::int as n',
    );
    expect(left!.n).toBe(0);
    const frozen = await runCli(['draw', 'freeze', slug, ...officer], env());
    expect(frozen.out).toContain('20 codes are frozen');
    app.clock.free();
    await runCli(['draw', 'export', slug, join(folder, 'frozen')], env());
    const [checkpoint, entries, key] = ['checkpoint.txt', 'entries.csv', 'witness.key'].map((name) =>
      join(folder, name === 'witness.key' ? '.' : 'frozen', name),
    ) as [string, string, string];
    await runCli(['witness', 'key', key, '--name', 'thanh-tra.example'], env());
    const signed = await runCli(['witness', 'sign', checkpoint, '--key', key, '--entries', entries], env());
    expect(signed.out).toContain(await rootOf(app, slug));
    writeFileSync(entries, readFileSync(entries, 'utf8').replace(/00007,[0-9a-f]/, '00007,0'));
    const tampered = join(folder, 'other.csv');
    writeFileSync(tampered, readFileSync(entries, 'utf8').replace('00008,', '00009,'));
    const other = await runCli(['witness', 'sign', checkpoint, '--key', key, '--entries', tampered], env());
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('Nothing is signed')]);
    const line = /^— .*$/m.exec(signed.out)![0];
    const text = /^thanh-tra\.example\+\S+$/m.exec(signed.out)![0];
    await people.witness
      .form(`/office/draws/${slug}/cosignatures`, { draw: slug, password: PASSWORD, line, key: text })
      .expect(303);
    expect(await statesOf(app, slug)).toContain('witnessed');
    for (const who of [people.organiser, people.witness])
      await who
        .form(`/office/draws/${slug}/sources`, {
          draw: slug,
          password: PASSWORD,
          source: 'hall',
          value: '1'.repeat(20),
        })
        .expect(303);
    const drawn = await runCli(['draw', 'run', slug, ...officer], env());
    expect(drawn.out).toContain('drawn, result');
  });
});
