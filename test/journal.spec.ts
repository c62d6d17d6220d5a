import { DataSource } from 'typeorm';
import { Journal } from '../src/journal/journal.service.js';
import { verifyJournal } from '../src/journal/verification.js';
import { dataSourceOptions } from '../src/platform/database/data-source.js';
import { startApp, type TestApp } from './support/app.js';

describe('journal', () => {
  let app: TestApp;
  let other: DataSource;
  beforeAll(async () => {
    app = await startApp();
    other = await new DataSource(dataSourceOptions(app.databaseUrl)).initialize();
  });
  afterAll(async () => {
    await other.destroy();
    await app.close();
  });

  const record = (db: DataSource, n: number) =>
    db.transaction((tx) =>
      app
        .get(Journal)
        .record(tx, { officer: null, act: 'test.written', subject: `thing/${n}`, facts: { n, text: 'Đ' } }),
    );
  /** As somebody with every power over the database: with the triggers out of the way. */
  const tamper = (sql: string) =>
    app.db.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(sql);
    });
  const findings = async () => (await verifyJournal(app.db)).findings;

  it('never forks when many acts on two connection pools come at once', async () => {
    const before = (await verifyJournal(app.db)).entries;
    await Promise.all(Array.from({ length: 60 }, (_, n) => record(n % 2 ? app.db : other, n)));
    expect(await verifyJournal(app.db)).toMatchObject({ entries: before + 60, findings: [] });
  });

  it('leaves no gap when an act fails after it was recorded', async () => {
    const before = (await verifyJournal(app.db)).entries;
    const failing = app.db.transaction(async (tx) => {
      await app.get(Journal).record(tx, { officer: null, act: 'test.failed', subject: 'x' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await record(app.db, 1);
    expect(await verifyJournal(app.db)).toMatchObject({ entries: before + 1, findings: [] });
  });

  it.each([
    `update journal_entry set subject = 'other' where id = 1`,
    `delete from journal_entry where id = 1`,
    `truncate journal_entry cascade`,
    `truncate journal_head`,
    `delete from journal_head`,
    `update journal_head set size = 0`,
    `insert into journal_entry (id, at, act, subject, facts, previous_hash, hash)
     values (999999, now(), 'test.forged', 'x', '{}', sha256('a'), sha256('b'))`,
  ])('refuses %s even to the owner of the tables', async (sql) => {
    await expect(app.db.query(sql)).rejects.toThrow(/append-only|does not continue|only follows/);
  });

  it('finds a changed, a removed, an inserted and a re-ordered entry, and what was cut off the end', async () => {
    const size = (await verifyJournal(app.db)).entries;
    await tamper(`create table kept as select * from journal_entry`);
    const restore = async () => {
      await tamper(`delete from journal_entry`);
      await tamper(`insert into journal_entry select * from kept`);
    };

    await tamper(`update journal_entry set facts = '{"n": 99}' where id = 5`);
    expect(await findings()).toEqual([{ code: 'changed', id: 5 }]);
    await restore();

    await tamper(`update journal_entry set at = at + interval '1 ms' where id = 7`);
    expect(await findings()).toEqual([{ code: 'changed', id: 7 }]);
    await restore();

    await tamper(`delete from journal_entry where id = 9`);
    expect(await findings()).toEqual([
      { code: 'missing', id: 10 },
      { code: 'parted', id: 10 },
    ]);
    await restore();

    await tamper(`update journal_entry set id = id + 1000001 where id >= 12`);
    await tamper(`update journal_entry set id = id - 1000000 where id >= 1000000`);
    await tamper(`insert into journal_entry (id, at, act, subject, facts, previous_hash, hash)
                  select 12, now(), 'test.slipped-in', 'x', '{}', sha256('y'), sha256('z') from journal_entry where id = 13`);
    expect(await findings()).toEqual(
      expect.arrayContaining([
        { code: 'parted', id: 12 },
        { code: 'changed', id: 12 },
        { code: 'changed', id: 13 },
      ]),
    );
    await restore();

    await tamper(
      `update journal_entry set id = case id when 20 then 21 else 20 end + 1000000 where id in (20, 21)`,
    );
    await tamper(`update journal_entry set id = id - 1000000 where id > 1000000`);
    expect((await findings()).map(({ id }) => id)).toEqual(expect.arrayContaining([20, 21, 22]));
    await restore();

    await tamper(`delete from journal_entry where id = ${size}`);
    expect(await findings()).toEqual([{ code: 'head', id: size }]);
    await restore();
    expect(await findings()).toEqual([]);
  });
});
