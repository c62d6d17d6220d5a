import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Conflicts } from '../src/entries/conflicts.service.js';
import { Intake } from '../src/entries/intake.service.js';
import { Batches } from '../src/payments/batches.service.js';
import { type TestApp, startApp } from './support/app.js';
import { signIn } from './support/sign-in.js';
import {
  batchOf,
  csv,
  importText,
  type MadePromotion,
  makePromotion,
  standing,
  type TestRow,
} from './support/promotion.js';

/** Long enough that few rows make a file that counts as large. */
const NAME = 'Nguyễn Văn Thử '.repeat(20).trim();
const ROWS = 22_000;

const rows = (from: number, count: number): TestRow[] =>
  Array.from({ length: count }, (_, index) => ({
    ref: `R-${String(from + index).padStart(6, '0')}`,
    id: `0240910${String((from + index) % 30_000).padStart(5, '0')}`,
    name: NAME,
  }));

describe('payments in segments', () => {
  let app: TestApp;
  let promotion: MadePromotion;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2023-04-02T08:00:00+07:00');
    promotion = await makePromotion(app, {
      format: { digits: 9 },
      terms: { caps: { payment: null, day: null, period: null, programme: 1 } },
    });
  });
  afterAll(() => app.close());

  const segments = () =>
    app.db.query<{ name: string; rows: number; from: number }[]>(
      `select p.tableoid::regclass::text as name, count(*)::int as rows, min(id) as from from payment p
       where promotion_id = $1 group by 1 order by 1`,
      [promotion.id],
    );
  /** A file received and not yet imported. */
  const registered = async (to: MadePromotion, text: string) => {
    const path = join(app.dataDir, `${randomUUID()}.csv`);
    writeFileSync(path, text);
    const batches = app.get(Batches);
    const file = await batches.receiveFile(path);
    const of = { promotionId: to.id, profile: 'portal', via: 'command', officerId: null } as const;
    return { id: await app.db.transaction((tx) => batches.register(tx, file, of)), bytes: file.bytes };
  };
  const named = (number: number) => `payment_${promotion.id}_${number}`;

  it('give the first file and a later large one a segment each, and compare them', async () => {
    expect(await importText(app, promotion, csv(rows(0, ROWS)))).toMatchObject({
      state: 'done',
      eligible: ROWS,
      entries: ROWS,
    });
    const changed = { ...rows(10, 1)[0]!, amount: 70_000 };
    const back = { ...rows(20, 1)[0]!, ref: 'BACK-20', amount: -50_000, reverses: 'R-000020' };
    const later = csv([...rows(ROWS - 1000, ROWS), changed, back]);
    const { id, bytes } = await registered(promotion, later);
    // Its rows are being written when it fails: nothing of them is left, and it is taken in as if nothing had been.
    const failing = app.get(Intake).run(id, (read) => {
      if (read > bytes) throw new Error('the cable was pulled');
    });
    await expect(failing).rejects.toThrow('the cable was pulled');
    expect(await segments()).toEqual([{ name: named(0), rows: ROWS, from: 1 }]);
    expect(await app.db.query('select to_regclass($1) as made', [named(1)])).toEqual([{ made: null }]);
    // Two take it up at once: one of them gets it.
    await Promise.all([app.get(Intake).run(id), app.get(Intake).run(id)]);
    expect(await batchOf(app, id)).toMatchObject({
      state: 'done',
      attempts: 2,
      received: ROWS + 2,
      duplicate: 1000,
      conflicting: 1,
      // 30.000 people, one code each: of the 21.000 new payments 8.000 come from people who had none.
      entries: 8000,
    });
    expect(await segments()).toEqual([
      { name: named(0), rows: ROWS, from: 1 },
      { name: named(1), rows: ROWS - 1000 + 1, from: 2 ** 25 + 1000 },
    ]);
    const [twice] = await app.db.query(
      `select count(*)::int - count(distinct source_ref)::int as twice from payment where promotion_id = $1`,
      [promotion.id],
    );
    expect(twice).toEqual({ twice: 0 });
  });

  it('take back across segments, and give the place to the payer’s next payment', async () => {
    const held = await app.db.query(
      `select p.tableoid::regclass::text as name, p.source_ref, p.reversed::int, e.voided_at is null as stands
       from payment p join entry e on e.promotion_id = p.promotion_id and e.payment_id = p.id
       where p.promotion_id = $1 and p.payer_id = (select payer_id from payment where promotion_id = $1 and source_ref = 'R-000020')
       order by e.number`,
      [promotion.id],
    );
    expect(held).toEqual([
      { name: named(0), source_ref: 'R-000020', reversed: 50_000, stands: false },
      { name: named(1), source_ref: 'R-030020', reversed: 0, stands: true },
    ]);
    const [link] = await app.db.query(
      `select r.reverses_id = p.id as linked from payment r join payment p on p.promotion_id = $1 and p.source_ref = 'R-000020'
       where r.promotion_id = $1 and r.source_ref = 'BACK-20'`,
      [promotion.id],
    );
    expect(link).toEqual({ linked: true });
  });

  it('add a small file, and a payment that replaces another, to the last segment', async () => {
    const small = [...rows(5, 1), { ref: 'S-1', id: '024099000001' }, { ref: 'S-2', id: '024091000005' }];
    expect(await importText(app, promotion, csv(small))).toMatchObject({
      state: 'done',
      duplicate: 1,
      eligible: 1,
      refused: 1,
      entries: 1,
    });
    expect(await standing(app, promotion)).toContain(`S-1 ${String(ROWS + 8000 + 2).padStart(9, '0')}`);
    const [conflict] = await app.db.query<{ id: number }[]>(
      'select id::int from payment_conflict where promotion_id = $1',
      [promotion.id],
    );
    const { id: officer } = await signIn(app);
    await app.db.transaction((tx) =>
      app.get(Conflicts).decide(tx, promotion.id, conflict!.id, 'replace', 'ngân hàng đính chính', officer),
    );
    const revisions = await app.db.query(
      `select tableoid::regclass::text as name, revision, amount::int from payment
       where promotion_id = $1 and source_ref = 'R-000010' order by revision`,
      [promotion.id],
    );
    expect(revisions).toEqual([
      { name: named(0), revision: 1, amount: 50_000 },
      { name: named(1), revision: 2, amount: 70_000 },
    ]);
    expect((await segments()).map(({ name }) => name)).toEqual([named(0), named(1)]);
  });

  it('count exactly when two large files that overlap come at once, on two instances', async () => {
    const busy = await makePromotion(app, { format: { digits: 9 } });
    const first = await registered(busy, csv(rows(0, ROWS)));
    const second = await registered(busy, csv(rows(ROWS - 1000, ROWS)));
    const other = await startApp({ databaseUrl: app.databaseUrl, dataDir: app.dataDir });
    await Promise.all([app.get(Intake).run(first.id), other.get(Intake).run(second.id)]);
    await other.close();
    const [sums] = await app.db.query(
      `select count(*)::int as payments, count(distinct source_ref)::int as refs, count(distinct tableoid)::int as segments,
         (select count(distinct code)::int from entry where promotion_id = $1) as codes,
         (select sum(received)::int from tally where promotion_id = $1) as received,
         (select sum(duplicate)::int from tally where promotion_id = $1) as duplicate
       from payment where promotion_id = $1`,
      [busy.id],
    );
    const all = 2 * ROWS - 1000;
    expect(sums).toEqual({
      payments: all,
      refs: all,
      segments: 2,
      codes: all,
      received: 2 * ROWS,
      duplicate: 1000,
    });
  });

  it('make a segment of a table of before, with all its rows', async () => {
    const text = (name: string) => readFileSync(`src/platform/database/migrations/${name}.sql`, 'utf8');
    const other = await startApp();
    await other.db.query(`
      create table payment_7 (like payment including defaults including constraints, check (promotion_id = 7));
      insert into payment_7 (promotion_id, id, payer_id, amount, paid_at, batch_id, row_number, source_id, refusals, kind, status,
        source_ref, procedure_code, unit_code, channel, method)
      select 7, n, 1, 1000, now(), 1, n, 1, 0, 'payment', 'settled', 'R-' || n, '', '', '', '' from generate_series(1, 40) n;
      create unique index payment_7_reference on payment_7 (source_ref, source_id, revision);
      alter table payment attach partition payment_7 for values in (7);
      create table entry_7 (like entry including defaults including constraints, check (promotion_id = 7));
      create index entry_7_payer on entry_7 (payer_id);
      alter table entry attach partition entry_7 for values in (7)`);
    await other.db.query(text('0412-payment-segments'));
    await other.db.query(text('0433-codes-by-payment'));
    const [kept] = await other.db.query(
      `select count(*)::int as rows, min(tableoid::regclass::text) as name from payment where promotion_id = 7`,
    );
    expect(kept).toEqual({ rows: 40, name: 'payment_7_0' });
    const indexes = await other.db.query(
      `select indexname from pg_indexes where tablename in ('payment_7_0', 'entry_7') order by 1`,
    );
    expect(indexes).toEqual([{ indexname: 'entry_7_voided' }, { indexname: 'payment_7_reference' }]);
    await other.close();
  });
});
