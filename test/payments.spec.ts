import { type TestApp, startApp } from './support/app.js';
import { csv, importText, makePromotion, standing } from './support/promotion.js';

describe('payments', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2023-04-02T08:00:00+07:00');
  });
  afterAll(() => app.close());

  it('become lucky codes in the order of moment and reference', async () => {
    const promotion = await makePromotion(app);
    const batch = await importText(
      app,
      promotion,
      csv([
        { ref: 'C-3', at: '2022-09-15T10:00:00+07:00' },
        { ref: 'B-2', at: '2022-09-15T10:00:00+07:00', id: '024091000002' },
        { ref: 'A-1', at: '2022-09-16T10:00:00+07:00', id: '024091000003' },
        { ref: 'D-4', at: '2022-09-14T10:00:00+07:00', amount: 9_999 },
      ]),
    );
    expect(batch).toMatchObject({
      state: 'done',
      received: 4,
      eligible: 3,
      refused: 1,
      entries: 3,
      amount: 159999,
    });
    expect(await standing(app, promotion)).toEqual(['A-1 00003', 'B-2 00001', 'C-3 00002']);
  });

  it('count an equal repeat as a duplicate and keep a contradiction for a person', async () => {
    const promotion = await makePromotion(app);
    const rows = [{ ref: 'A' }, { ref: 'B' }, { ref: 'A' }, { ref: 'B', amount: 60_000 }];
    expect(await importText(app, promotion, csv(rows))).toMatchObject({
      received: 4,
      eligible: 2,
      duplicate: 1,
      quarantined: 1,
      conflicting: 1,
    });
    const later = [{ ref: 'A' }, { ref: 'B', id: '024091000009' }, { ref: 'C' }];
    expect(await importText(app, promotion, csv(later))).toMatchObject({
      received: 3,
      eligible: 1,
      duplicate: 1,
      quarantined: 1,
      conflicting: 1,
    });
    const conflicts = await app.db.query(
      'select differs, payment_id from payment_conflict where promotion_id = $1 order by id',
      [promotion.id],
    );
    expect(conflicts).toEqual([
      { differs: ['amount'], payment_id: 2 },
      { differs: ['payer'], payment_id: 2 },
    ]);
    expect(await standing(app, promotion)).toEqual(['A 00001', 'B 00002', 'C 00003']);
  });

  it('refuse the same file with a pointer to the first', async () => {
    const promotion = await makePromotion(app);
    const text = csv([{ ref: 'A' }]);
    const first = await importText(app, promotion, text);
    await expect(importText(app, promotion, text)).rejects.toMatchObject({
      findings: [{ code: 'payments.faults.same-file', expected: `batch ${first.id}` }],
    });
  });

  it('put a row that cannot be read aside, with every finding', async () => {
    const promotion = await makePromotion(app);
    const batch = await importText(
      app,
      promotion,
      csv([
        { ref: 'A', id: '123', amount: '1.5' },
        { ref: 'B', at: '2022-02-30T10:00:00+07:00' },
        { ref: 'ok' },
      ]),
    );
    expect(batch).toMatchObject({ received: 3, eligible: 1, quarantined: 2 });
    const rows = await app.db.query(
      'select row_number, codes, columns from quarantined_row where batch_id = $1 order by 1',
      [batch.id],
    );
    expect(rows).toEqual([
      { row_number: 2, codes: ['national-id', 'amount'], columns: ['national_id', 'amount'] },
      { row_number: 3, codes: ['moment'], columns: ['paid_at'] },
    ]);
  });

  it('give the place of a reversed payment under a cap to the next one, and never a code twice', async () => {
    const promotion = await makePromotion(app, {
      terms: { caps: { payment: null, day: null, period: null, programme: 1 } },
    });
    const at = (hour: number) => `2022-09-15T${hour}:00:00+07:00`;
    await importText(
      app,
      promotion,
      csv([
        { ref: 'A', at: at(10) },
        { ref: 'B', at: at(11) },
        { ref: 'C', at: at(12) },
      ]),
    );
    expect(await standing(app, promotion)).toEqual(['A 00001']);
    const batch = await importText(app, promotion, csv([{ ref: 'R', reverses: 'A', at: at(13) }]));
    expect(batch).toMatchObject({ received: 1, refused: 1 });
    expect(await standing(app, promotion)).toEqual(['B 00002']);
    const [total] = await app.db.query(
      `select sum(received)::int as received, sum(eligible)::int as eligible, sum(refused)::int as refused,
         sum(issued)::int as issued, sum(voided)::int as voided from tally where promotion_id = $1`,
      [promotion.id],
    );
    expect(total).toEqual({ received: 4, eligible: 1, refused: 3, issued: 2, voided: 1 });
  });

  it('take a reversal that comes before its payment', async () => {
    const promotion = await makePromotion(app);
    await importText(app, promotion, csv([{ ref: 'R', reverses: 'A' }]));
    expect(await importText(app, promotion, csv([{ ref: 'A' }]))).toMatchObject({ eligible: 0, refused: 1 });
    const [payment] = await app.db.query(
      `select reversed, refusals from payment where promotion_id = $1 and source_ref = 'A'`,
      [promotion.id],
    );
    expect(payment).toEqual({ reversed: 50000, refusals: 4 });
  });
});
