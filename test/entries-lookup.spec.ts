import { type TestApp, startApp } from './support/app.js';
import { csv, importText, type MadePromotion, makePromotion } from './support/promotion.js';
import { tokenIn } from './support/sign-in.js';
import { parseNote, parseKey, validSignatures } from '../src/rules/merkle/note.js';
import { verifySignature } from '../src/platform/crypto/ed25519.js';

/** One draw of the promotion's period, at this state, with one prize. */
async function drawWith(
  { db }: TestApp,
  promotion: MadePromotion,
  number: number,
  name: string,
  states: string[],
) {
  const [draw] = await db.query<{ id: number }[]>(
    `insert into draw (draw_period_id, number, slug, supersedes_id, title, organizer, draws_at, witnesses_wanted, objection_days, planned_at)
     select d.id, $2::int, $3, (select id from draw where draw_period_id = d.id and number = $2::int - 1), 'Draw', 'Office', now(), 1, 0, now()
     from draw_period d where d.campaign_id = $1 and d.ordinal = 1 returning id`,
    [promotion.id, number, `${promotion.slug}/draw-${number}`],
  );
  await db.query(
    `insert into prize (draw_id, code, ordinal, name_vi, name_en, quantity, value) values ($1, 'one', 1, $2, $2, 5, 2000000)`,
    [draw!.id, name],
  );
  for (const state of states)
    await db.query(`insert into draw_act (draw_id, state, at, reason) values ($1, $2, now(), 'moved')`, [
      draw!.id,
      state,
    ]);
}

describe('my codes', () => {
  let app: TestApp;
  let promotion: MadePromotion;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2023-04-02T08:00:00+07:00');
    promotion = await makePromotion(app);
    await importText(
      app,
      promotion,
      csv([
        { ref: 'PAY-1', id: '024091001234', phone: '0912345678' },
        { ref: 'PAY-2', id: '024091001234', phone: '+84 912 345 678', amount: 500 },
        { ref: 'PAY-3', id: '024091009999', phone: '0987654321' },
      ]),
    );
  });
  afterAll(() => app.close());

  const ask = async (subject: string, digits: string, status = 200, visitor = app.visitor()) => {
    const path = `/promotions/${promotion.slug}/codes?lang=en`;
    const _csrf = tokenIn((await visitor.get(path)).text);
    return (await visitor.post(path).type('form').send({ _csrf, subject, digits }).expect(status)).text;
  };

  it('shows all payments of the holder to whoever knows a code and four digits', async () => {
    const page = await ask('00001', '5678');
    expect(page).toContain('PAY-1');
    expect(page).toContain('PAY-2');
    expect(page).toContain('The amount is below the minimum of the rules.');
    expect(page).not.toContain('PAY-3');
    expect(await ask('pay-1', '1234')).not.toContain('PAY-1</code>');
    expect(await ask('PAY-1', '1234')).toContain('PAY-1</code>');
  });

  it('says the same of a wrong digit, a code of nobody and a payment of nobody', async () => {
    const strip = (page: string) => page.replace(/value="[^"]*"/g, '').replace(/nonce="[^"]*"/g, '');
    const wrong = strip(await ask('00002', '0000'));
    expect(wrong).toContain('Nothing found for these two');
    expect(strip(await ask('77777', '0000'))).toBe(wrong);
    expect(strip(await ask('PAY-404', '0000'))).toBe(wrong);
  });

  it('gives a receipt that the operator signed', async () => {
    const page = await ask('00001', '5678');
    const text = /<pre class="receipt"[^>]*>([\s\S]*?)<\/pre>/
      .exec(page)![1]!
      .replaceAll('&#x3D;', '=')
      .replaceAll('&#x2B;', '+');
    const key = /Public key: <code>([^<]+)</
      .exec(page)![1]!
      .replaceAll('&#x3D;', '=')
      .replaceAll('&#x2B;', '+');
    const note = parseNote(text)!;
    expect(note.body).toContain(`campaign ${promotion.slug}\nperiod ky-1\ncode 00001\n`);
    expect(validSignatures(note, [parseKey(key)!], verifySignature)).toHaveLength(1);
  });

  it('stops guessing the digits of one code', async () => {
    for (let guess = 0; guess < 5; guess++)
      await ask('00002', `000${guess}`, guess === 0 ? 200 : 200).catch(() => undefined);
    expect(await ask('00002', '4321', 429)).toContain('class="alert alert-danger');
  });

  it('keeps tries for a day', async () => {
    const old = () =>
      app.db.query<object[]>(`select from code_lookup where at < '2023-04-01T08:00:00+07:00'`);
    await app.db.query(
      `insert into code_lookup (subject_mark, address_mark, at)
       select m, m, '2023-03-31T08:00:00+07:00' from decode(repeat('00', 32), 'hex') m, generate_series(1, 3)`,
    );
    // Every fiftieth try takes old ones away.
    await app.db.query(
      `select setval(pg_get_serial_sequence('code_lookup', 'id'), 50 * (1 + (select max(id) from code_lookup) / 50) - 1)`,
    );
    expect(await old()).toHaveLength(3);
    expect(await ask('PAY-3', '4321')).toContain('PAY-3');
    expect(await old()).toHaveLength(0);
  });

  it('asks for both in words', async () => {
    const page = await ask('', '12', 422);
    expect(page).toContain('Exactly four digits are needed');
    expect(page).toContain('Enter a lucky code');
  });

  it('is told on the page of the promotion in both languages', async () => {
    const page = (await app.visitor().get(`/promotions/${promotion.slug}`).expect(200)).text;
    expect(page).toContain('Thể lệ nói gì');
    expect(page).toContain('01/8/2022');
    const api = (await app.visitor().get(`/api/v1/promotions/${promotion.slug}`).expect(200)).body;
    expect(api.figures).toEqual({
      received: 3,
      eligible: 2,
      refused: 1,
      quarantined: 0,
      duplicate: 0,
      issued: 2,
      voided: 0,
    });
  });

  it('names the channels and methods it knows and shows others as codes', async () => {
    const terms = { channels: ['dvcqg', 'dvc-la'], methods: ['qr'] };
    const { slug } = await makePromotion(app, { terms });
    const page = (await app.visitor().get(`/promotions/${slug}`).expect(200)).text;
    expect(page).toContain('Kênh thanh toán: Cổng Dịch vụ công quốc gia, <code>dvc-la</code>');
    const english = (await app.visitor().get(`/promotions/${slug}?lang=en`).expect(200)).text;
    expect(english).toContain('Method: QR code<');
  });

  it('names the prizes of the draw in force, and none that are only planned or void', async () => {
    const page = async () => (await app.visitor().get(`/promotions/${promotion.slug}`).expect(200)).text;
    await drawWith(app, promotion, 1, 'A bicycle', ['rules-published', 'void']);
    await drawWith(app, promotion, 2, 'A radio', ['rules-published']);
    await drawWith(app, promotion, 3, 'A kite', []);
    expect(await page()).toMatch(/A radio<\/th><td class="num">5<\/td><td class="num">2\.000\.000 đồng/);
    expect(await page()).not.toMatch(/A bicycle|A kite/);
    const api = (await app.visitor().get(`/api/v1/promotions/${promotion.slug}`).expect(200)).body;
    expect(api.periods[0].prizes).toEqual([
      { name_vi: 'A radio', name_en: 'A radio', quantity: 5, value: 2_000_000 },
    ]);
  });
});
