import fc from 'fast-check';
import { maskOf } from '../src/rules/eligibility/refusal.js';
import { decideAgain, type Held } from '../src/rules/eligibility/sequence.js';
import { startOfDay } from '../src/rules/eligibility/day.js';
import type { Period, Terms } from '../src/rules/eligibility/terms.js';
import { type TestApp, startApp } from './support/app.js';
import { createOracle, oracleRows } from './support/plain-sql.js';
import { HEADER, importText, makePromotion, TERMS } from './support/promotion.js';

interface Row {
  readonly ref: string;
  readonly person: number;
  readonly amount: number;
  readonly at: number;
  readonly channel: string;
  readonly status: string;
  readonly reverses: string | null;
}

const first = startOfDay('2022-08-01');
const last = startOfDay('2023-04-01');
const cutoff = startOfDay('2022-12-01');
/** Moments on and beside every boundary, and three days on which caps meet. */
const moments = [first - 1, first, last - 1, last, cutoff - 1, cutoff, first + 86_399, first + 86_400].concat(
  Array.from({ length: 12 }, (_, index) => startOfDay('2022-09-15') + index * 17_000),
);

const row = (index: number) =>
  fc
    .record({
      ref: fc.constant(`R-${String((index * 7919) % 1000).padStart(3, '0')}`),
      person: fc.integer({ min: 1, max: 3 }),
      amount: fc.constantFrom(9_999, 10_000, 10_001, 20_000, 35_000, 100_000),
      at: fc.constantFrom(...moments),
      channel: fc.constantFrom('VNPAY', 'MOMO', 'QR'),
      status: fc.constantFrom('settled', 'settled', 'settled', 'pending'),
      reverses: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null, freq: 6 }),
    })
    .map((one) => ({
      ...one,
      reverses:
        one.reverses === null || one.reverses === index
          ? null
          : `R-${String((one.reverses * 7919) % 1000).padStart(3, '0')}`,
    }));
const payments = fc
  .integer({ min: 1, max: 30 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => row(index))));
const cap = fc.option(fc.integer({ min: 1, max: 4 }), { nil: null });
const anyTerms: fc.Arbitrary<Partial<Terms>> = fc.record({
  minimumAmount: fc.constantFrom(0, 10_000, 10_001),
  channels: fc.constantFrom(null, ['VNPAY'], ['VNPAY', 'MOMO']),
  settledOnly: fc.boolean(),
  entries: fc.record({
    rule: fc.constantFrom('one' as const, 'step' as const),
    step: fc.constantFrom(10_000, 20_000),
    factors: fc.constantFrom([], [{ field: 'channel' as const, value: 'MOMO', times: 2 }]),
  }),
  caps: fc.record({ payment: cap, day: cap, period: cap, programme: cap }),
  cutoffBy: fc.constantFrom('paid' as const, 'recorded' as const),
});

const csvOf = (rows: readonly Row[]) =>
  `${HEADER}\n${rows.map((one) => [one.ref, '', '', '', `02409100000${one.person}`, '', 'A', '', one.amount, new Date(one.at * 1000).toISOString(), one.channel, '', '', one.status, one.reverses ?? ''].join(',')).join('\n')}\n`;

describe('the bulk path', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
    await createOracle(app.db);
  });
  afterAll(() => app.close());

  it('decides, explains and numbers as the rules and as plain SQL do, on any payments under any terms', async () => {
    await fc.assert(
      fc.asyncProperty(payments, anyTerms, async (rows, changed) => {
        app.clock.set('2023-05-01T08:00:00+07:00');
        const promotion = await makePromotion(app, { terms: changed });
        const batch = await importText(app, promotion, csvOf(rows));
        expect(batch).toMatchObject({ state: 'done', received: rows.length });
        const stored = await app.db.query(
          `select p.source_ref, p.refusals, p.wanted, coalesce(p.period, 0) as period,
             coalesce((select array_agg(e.code order by e.number) from entry e where e.promotion_id = $1 and e.payment_id = p.id), '{}') as codes
           from payment p where p.promotion_id = $1 order by p.source_ref`,
          [promotion.id],
        );
        const [{ received_at }] = await app.db.query('select received_at from import_batch where id = $1', [
          batch.id,
        ]);
        const whole = { ...TERMS, ...changed } as Terms;
        expect(stored).toEqual(byRules(rows, whole, Math.floor(received_at.getTime() / 1000)));
        expect(await oracleRows(app.db, promotion.id, whole)).toEqual(
          stored.map(
            ({ source_ref, refusals, codes }: { source_ref: string; refusals: number; codes: string[] }) => ({
              source_ref,
              refusals,
              codes,
            }),
          ),
        );
      }),
      { numRuns: Number(process.env.RUNS ?? 25) },
    );
  });
});

/** The same by the pure function, one payer after another, numbered in the order of issue. */
function byRules(rows: readonly Row[], terms: Terms, recordedAt: number) {
  const periods: Period[] = [
    { ordinal: 1, cutoffAt: cutoff, closed: false },
    { ordinal: 2, cutoffAt: last, closed: false },
  ];
  const ordered = [...rows].sort((a, b) => a.at - b.at || (a.ref < b.ref ? -1 : 1));
  const reversed = (ref: string) =>
    rows.filter((one) => one.reverses === ref).reduce((sum, one) => sum + one.amount, 0);
  const held: Held[] = ordered.map((one, id) => ({
    id,
    entries: [],
    facts: {
      kind: one.reverses === null ? 'payment' : 'reversal',
      amount: one.amount,
      reversed: one.reverses === null ? reversed(one.ref) : 0,
      paidAt: one.at,
      recordedAt,
      settled: one.status === 'settled',
      superseded: false,
      excluded: false,
      payerKind: 'person',
      channel: one.channel,
      method: '',
      procedure: '',
      unit: '',
    },
  }));
  const verdicts = [1, 2, 3]
    .flatMap((person) =>
      decideAgain(
        held.filter(({ id }) => ordered[id]!.person === person),
        terms,
        periods,
      ),
    )
    .sort((a, b) => a.id - b.id);
  let number = 0;
  return verdicts
    .map(({ id, decision }) => ({
      source_ref: ordered[id]!.ref,
      refusals: maskOf(decision.refusals),
      wanted: decision.wanted,
      period: decision.period ?? 0,
      codes: Array.from({ length: decision.granted }, () => String(++number).padStart(5, '0')),
    }))
    .sort((a, b) => (a.source_ref < b.source_ref ? -1 : 1));
}
