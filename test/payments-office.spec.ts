import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { KeyRotation } from '../src/entries/key-rotation.service.js';
import { Batches } from '../src/payments/batches.service.js';
import { Journal } from '../src/journal/journal.service.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { type TestApp, startApp } from './support/app.js';
import {
  batchOf,
  csv,
  HEADER,
  importText,
  line,
  makePromotion,
  standing,
  type MadePromotion,
} from './support/promotion.js';
import { makeUnits } from './support/drive.js';
import { type SignedInAgent, signIn } from './support/sign-in.js';

describe('the payment office', () => {
  let app: TestApp;
  let bank: SignedInAgent;
  let organiser: SignedInAgent;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2023-04-02T08:00:00+07:00');
    bank = await signIn(app, { roles: [{ role: 'partner' }], organisation: 'bank' });
    organiser = await signIn(app, { roles: [{ role: 'organiser' }] });
  });
  afterAll(() => app.close());

  const done = async (promotion: MadePromotion) => {
    for (let wait = 0; wait < 200; wait++) {
      const [batch] = await app.db.query(
        'select * from import_batch where promotion_id = $1 order by id desc limit 1',
        [promotion.id],
      );
      if (batch && !['waiting', 'running'].includes(batch.state)) return batch;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw new Error('the import did not end');
  };
  const upload = (
    promotion: MadePromotion,
    text: string | Buffer,
    fields: Record<string, string> = {},
    name = 'ngay-15.csv',
  ) => {
    let request = bank.http.post(`/office/payments/${promotion.slug}/batches`).field('_csrf', bank.token());
    for (const [field, value] of Object.entries(fields)) request = request.field(field, value);
    return request.attach('file', Buffer.from(text), name);
  };

  it('opens to the officers of the unit whose promotion it is, and to no other unit', async () => {
    const promotion = await makePromotion(app);
    const [own, other] = await app.db.query<{ id: number }[]>(
      'insert into unit (created_at) values (now()), (now()) returning id',
    );
    await app.db.query('update campaign set unit_id = $2 where id = $1', [promotion.id, own!.id]);
    const desk = `/office/payments/${promotion.slug}`;
    const ours = await signIn(app, { roles: [{ role: 'partner', unitId: own!.id }] });
    await ours.get(desk).expect(200);
    expect((await ours.get('/office/payments').expect(200)).text).toContain(desk);
    const theirs = await signIn(app, { roles: [{ role: 'partner', unitId: other!.id }] });
    await theirs.get(desk).expect(403);
    expect((await theirs.get('/office/payments').expect(200)).text).not.toContain(desk);
  });

  describe('starting a promotion', () => {
    const FORM = {
      titleVi: 'Không dùng tiền mặt, trúng quà 2024',
      titleEn: 'Cashless and lucky 2024',
      unit: '70',
      startsOn: '2024-01-01',
      endsOn: '2024-06-30',
      codeDigits: '6',
      codePrefix: 'bg',
      codeOrder: 'sequential',
      periodVi0: 'Kỳ 1',
      periodEn0: 'Period 1',
      lastDay0: '2024-03-31',
      periodVi1: 'Kỳ 2',
      periodEn1: 'Period 2',
      lastDay1: '2024-06-30',
    };
    const page = '/promotions/khong-dung-tien-mat-trung-qua-2024';
    let units: Record<string, number>;
    beforeAll(async () => {
      units = await makeUnits(app);
    });

    it('says everything that is wrong at once, beside what was typed, and makes nothing', async () => {
      const wrong = { ...FORM, titleEn: '', unit: '77', codeDigits: '13', lastDay1: '2024-05-31' };
      const { text } = await organiser.form('/office/promotions', wrong).expect(422);
      for (const field of ['titleEn', 'unit', 'codeDigits', 'lastDay1'])
        expect(text).toContain(`id="finding-${field}"`);
      expect(text).toContain('value="Không dùng tiền mặt, trúng quà 2024"');
      await organiser.form('/office/promotions', { ...FORM, lastDay1: '2024-03-31' }).expect(422);
      expect(await app.db.query(`select from campaign where title_vi = $1`, [FORM.titleVi])).toEqual([]);
    });

    it('is for organisers of the unit in charge', async () => {
      const elsewhere = await signIn(app, { roles: [{ role: 'organiser', unitId: units['688']! }] });
      await elsewhere.form('/office/promotions', FORM).expect(403);
      await bank.form('/office/promotions', FORM).expect(403);
    });

    it('makes periods without a gap and a draft of terms, hidden until the terms are published', async () => {
      const { headers } = await organiser.form('/office/promotions', FORM).expect(303);
      const terms = '/office/payments/khong-dung-tien-mat-trung-qua-2024/terms';
      expect(headers.location).toContain(terms);
      const periods = await app.db.query<object[]>(
        `select d.slug, starts_at, cutoff_at from draw_period d join campaign c on c.id = campaign_id
          where c.title_vi = $1 order by ordinal`,
        [FORM.titleVi],
      );
      const edge = new Date('2024-04-01T00:00:00+07:00');
      expect(periods).toEqual([
        { slug: 'ky-1', starts_at: new Date('2024-01-01T00:00:00+07:00'), cutoff_at: edge },
        { slug: 'ky-2', starts_at: edge, cutoff_at: new Date('2024-07-01T00:00:00+07:00') },
      ]);
      await app.visitor().get(page).expect(404);
      await app.visitor().get(`${page}/codes`).expect(404);
      await organiser.form(`${terms}/publication`).expect(303);
      expect((await app.visitor().get(page).expect(200)).text).toContain(FORM.titleVi);
      const again = await organiser.form('/office/promotions', FORM).expect(422);
      expect(again.text).toContain(`Đã có chiến dịch mang tên này: ${FORM.titleVi}`);
    });
  });

  it('takes an upload, imports it by a job, shows the equation, and lets findings be corrected and sent again', async () => {
    const promotion = await makePromotion(app);
    const faulty = [{ ref: 'A' }, { ref: 'B', id: '12345', name: '=cmd|calc' }, { ref: 'C', amount: '1,5' }];
    const sent = await upload(
      promotion,
      [HEADER, line(faulty[0]!), line(faulty[1]!), line({ ...faulty[2]!, amount: '"1,5"' })].join('\n'),
      { profile: 'portal' },
    ).expect(303);
    const batch = await done(promotion);
    expect(batch).toMatchObject({ state: 'done', received: 3, eligible: 1, quarantined: 2, via: 'upload' });
    const page = (await bank.get(sent.headers.location!).expect(200)).text;
    expect(page).toContain('Số định danh sai');
    expect(page).not.toContain('12345');
    expect((await bank.get(`${sent.headers.location}/rows`).expect(200)).text).toContain(
      '<code>12345</code>',
    );
    const [seen] = await app.db.query(
      'select facts, subject from journal_entry where act = $1 order by id desc limit 1',
      ['findings.seen'],
    );
    expect(seen).toEqual({ subject: `batch/${batch.id}`, facts: { rows: 2 } });
    const file = (await bank.get(`${sent.headers.location}/findings.csv`).expect(200)).text;
    expect(file).toContain("'=cmd|calc");
    expect(file.split('\r\n')[1]).toContain('3,national_id,national-id,12345,');
    const corrected = file
      .replace(/,12345,(?=,'=cmd)/, ',024091000055,')
      .replace('"1,5",2022', '15000,2022')
      .replaceAll('\ufeff', '');
    await upload(promotion, corrected, { corrects: String(batch.id), profile: 'portal' }, 'sua.csv').expect(
      303,
    );
    expect(await done(promotion)).toMatchObject({
      state: 'done',
      via: 'correction',
      received: 2,
      eligible: 2,
    });
    const open = await app.db.query(
      'select 1 from quarantined_row where batch_id = $1 and corrected_by is null',
      [batch.id],
    );
    expect(open).toEqual([]);
    expect(await standing(app, promotion)).toHaveLength(3);
    const [total] = await app.db.query(
      'select sum(received)::int r, sum(quarantined)::int q, sum(duplicate)::int d, sum(eligible)::int e from tally where promotion_id = $1',
      [promotion.id],
    );
    expect(total).toEqual({ r: 5, q: 0, d: 2, e: 3 });
    expect(existsSync(app.get(Batches).pathOf(batch.file_sha256))).toBe(false);
  });

  it('lets a person decide a contradiction either way', async () => {
    const promotion = await makePromotion(app);
    await importText(
      app,
      promotion,
      csv([{ ref: 'A' }, { ref: 'B' }, { ref: 'A', amount: 60_000 }, { ref: 'B', amount: 500 }]),
    );
    const [first, second] = await app.db.query(
      'select id from payment_conflict where promotion_id = $1 order by id',
      [promotion.id],
    );
    const base = `/office/payments/${promotion.slug}/conflicts`;
    const page = (await bank.get(`${base}?lang=en`).expect(200)).text;
    expect(page).toMatch(
      /row-watch">\s*<th scope="row">Amount[\s\S]*?<td>50,000 VND\s*<\/td>\s*<td>60,000 VND\s*<\/td>/,
    );
    expect(page).toContain('2 contradictions wait');
    await bank.form(`${base}/${first.id}`, { decision: 'keep', reason: 'bản đầu đúng' }).expect(303);
    await bank
      .form(`${base}/${second.id}`, { decision: 'replace', reason: 'ngân hàng đính chính' })
      .expect(303);
    await bank.form(`${base}/${second.id}`, { decision: 'keep', reason: 'lần nữa' }).expect(409);
    expect(await standing(app, promotion)).toEqual(['A 00001']);
    const [total] = await app.db.query(
      'select sum(received)::int r, sum(eligible)::int e, sum(refused)::int f, sum(quarantined)::int q, sum(duplicate)::int d, sum(amount)::int a, sum(issued-voided)::int c from tally where promotion_id = $1',
      [promotion.id],
    );
    expect(total).toEqual({ r: 4, e: 1, f: 2, q: 0, d: 1, a: 100_500, c: 1 });
  });

  it('turns red on the day on which one payment is missing, and green again', async () => {
    const promotion = await makePromotion(app);
    await importText(
      app,
      promotion,
      csv([{ ref: 'A' }, { ref: 'B' }, { ref: 'C', at: '2022-09-16T01:00:00+07:00' }]),
    );
    const say = (day: string, count: number, amount: number) =>
      bank
        .form(`/office/payments/${promotion.slug}/digests`, {
          source: 'portal',
          day,
          count,
          amount,
          fileHash: '',
        })
        .expect(303);
    await say('2022-09-15', 3, 150_000);
    await say('2022-09-16', 1, 50_000);
    const red = (await bank.get(`/office/payments/${promotion.slug}/completeness?lang=en`).expect(200)).text;
    expect(red).toContain('1 day does not agree');
    expect(red).toContain('we have 2, the digest says 3');
    await importText(app, promotion, csv([{ ref: 'D' }]));
    expect((await bank.get(`/office/payments/${promotion.slug}/completeness?lang=en`)).text).not.toContain(
      'does not agree',
    );
  });

  it('edits, previews and publishes terms, and decides what we have again', async () => {
    const promotion = await makePromotion(app);
    await importText(
      app,
      promotion,
      csv([
        { ref: 'A', amount: 20_000 },
        { ref: 'B', amount: 90_000 },
      ]),
    );
    const base = `/office/payments/${promotion.slug}/terms`;
    const fields = {
      opensOn: '2022-08-01',
      closesOn: '2023-03-31',
      minimumAmount: '50.000',
      rule: 'one',
      settledOnly: 'yes',
      cutoffBy: 'paid',
      capProgramme: '3',
    };
    const preview = (await organiser.form(`${base}/preview?lang=en`, fields).expect(200)).text;
    expect(preview).toContain('Of the 2 payments we have, 1 would qualify.');
    const again = await organiser
      .form(base, { ...fields, capProgramme: '0', factorValue: 'VNPAY' })
      .expect(422);
    expect(again.text).toMatch(/href="#field-capProgramme"[\s\S]*name="factorValue" value="VNPAY"/);
    await organiser.form(base, fields).expect(303);
    expect((await organiser.get(base).expect(200)).text).toContain('50.000');
    await organiser.form(`${base}/publication`, {}).expect(422);
    await organiser
      .form(`${base}/publication`, { ref: '05/QĐ-UBND', decidedOn: '2023-03-01', reason: 'nâng mức' })
      .expect(303);
    expect(await standing(app, promotion)).toEqual(['B 00002']);
    await bank.form(base, fields).expect(403);
  });

  it('voids what excluded people hold and gives it back when the list is withdrawn', async () => {
    const promotion = await makePromotion(app);
    await importText(
      app,
      promotion,
      csv([
        { ref: 'A', id: '024091000077' },
        { ref: 'B', id: '024091000078', phone: '0987654321' },
        { ref: 'C', id: '024091000079' },
      ]),
    );
    const base = `/office/payments/${promotion.slug}/exclusions`;
    await organiser.form(base, { title: 'Cán bộ', kind: 'staff', numbers: '024091000077\nabc' }).expect(422);
    await organiser
      .form(base, { title: 'Cán bộ', kind: 'staff', numbers: '024091000077\n+84 987 654 321' })
      .expect(303);
    expect(await standing(app, promotion)).toEqual(['C 00003']);
    expect(await importText(app, promotion, csv([{ ref: 'D', id: '024091000077' }]))).toMatchObject({
      refused: 1,
    });
    const [list] = await app.db.query('select id from exclusion_list where promotion_id = $1', [
      promotion.id,
    ]);
    expect((await organiser.get(base).expect(200)).text).not.toContain('024091000077');
    await organiser.form(`${base}/${list.id}/withdrawal`).expect(303);
    expect((await standing(app, promotion)).map((one) => one.split(' ')[0])).toEqual(['A', 'B', 'C', 'D']);
  });

  it('shows a key once and makes it useless when revoked', async () => {
    const promotion = await makePromotion(app);
    const base = `/office/payments/${promotion.slug}/keys`;
    const page = (
      await organiser
        .form(base, { title: 'Máy chủ', source: 'portal', organisation: String(bank.organisationId) })
        .expect(200)
    ).text;
    const key = /td_[0-9a-f]{8}_[\w-]{43}/.exec(page)![0];
    expect((await organiser.get(base)).text).not.toContain(key);
    const [row] = await app.db.query('select id, hash from api_key where promotion_id = $1', [promotion.id]);
    expect(row.hash.includes(Buffer.from(key))).toBe(false);
    await organiser.form(`${base}/${row.id}/revocation`).expect(303);
  });

  it('refuses the same file on the page with a pointer to the first', async () => {
    const promotion = await makePromotion(app);
    await upload(promotion, csv([{ ref: 'A' }])).expect(303);
    const first = await done(promotion);
    const again = await upload(promotion, csv([{ ref: 'A' }])).expect(422);
    expect(again.text).toContain(`batch ${first.id}`);
    expect(existsSync(app.get(Batches).pathOf(first.file_sha256))).toBe(false);
    expect(await batchOf(app, first.id)).toMatchObject({ state: 'done' });
  });

  it('seals everything anew under a new key, goes on after an interruption, and then does nothing more', async () => {
    const promotion = await makePromotion(app);
    await importText(app, promotion, csv([{ ref: 'A' }, { ref: 'B', id: '1' }, { ref: 'A', amount: 7 }]));
    const old = app.get(Vault);
    const made = { id: 'k9', key: randomBytes(32) };
    const both = new Vault({ ...old.keys, data: [made, ...old.keys.data] });
    const rotation = new KeyRotation(app.db, both, app.get(Journal));
    await expect(
      rotation.rotate(() => {
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await rotation.rotate(() => undefined)).toMatchObject({ spare: ['k1'] });
    expect(await rotation.rotate(() => undefined)).toMatchObject({ resealed: 0 });
    const newOnly = new Vault({ ...old.keys, data: [made] });
    const columns = await app.db.query<{ table: string; column: string }[]>(
      `select c.table_name as "table", c.column_name as "column" from information_schema.columns c
       join pg_class k on k.oid = c.table_name::regclass and k.relkind = 'r' and not k.relispartition
       where c.table_schema = 'public' and c.data_type = 'bytea' and (c.column_name = 'sealed' or c.column_name ~ '_secret$')
         and c.table_name <> 'winner_step' union all select 'payer', 'sealed'`,
    );
    expect(columns.map(({ table }) => table).sort()).toEqual([
      'api_key',
      'batch_feed',
      'draw_secret',
      'objection',
      'officer',
      'payer',
      'payment_conflict',
      'quarantined_row',
      'witness_key',
    ]);
    let opened = 0;
    for (const { table, column } of columns)
      for (const { sealed } of await app.db.query<{ sealed: Buffer }[]>(
        `select ${column} as sealed from ${table} where ${column} is not null`,
      ))
        opened += newOnly.open(sealed).length > 0 ? 1 : 0;
    expect(opened).toBeGreaterThanOrEqual(3);
    await new KeyRotation(
      app.db,
      new Vault({ ...old.keys, data: [...old.keys.data, made] }),
      app.get(Journal),
    ).rotate(() => undefined);
  });
});
