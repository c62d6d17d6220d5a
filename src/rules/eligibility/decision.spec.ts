import { startOfDay } from './day.js';
import { decide, entriesOf, type PaymentFacts } from './decision.js';
import { maskOf, REFUSALS, reasonsIn } from './refusal.js';
import { openTerms, termsFaults, type Period, type Terms } from './terms.js';

const terms: Terms = {
  ...openTerms('2022-08-01', '2023-03-31'),
  minimumAmount: 20_000,
  carryOver: true,
};
const periods: Period[] = [
  { ordinal: 1, cutoffAt: startOfDay('2022-12-01'), closed: false },
  { ordinal: 2, cutoffAt: startOfDay('2023-04-01'), closed: false },
];
const payment: PaymentFacts = {
  kind: 'payment',
  amount: 50_000,
  reversed: 0,
  paidAt: startOfDay('2022-09-15') + 36_000,
  recordedAt: startOfDay('2022-09-16'),
  settled: true,
  superseded: false,
  excluded: false,
  payerKind: 'person',
  channel: 'VNPAY',
  method: 'qr',
  procedure: '1.000100',
  unit: '07201',
};
const nothing = { day: 0, period: 0, programme: 0 };
const decided = (facts: Partial<PaymentFacts>, changed: Partial<Terms> = {}, earned = nothing) =>
  decide({ ...payment, ...facts }, { ...terms, ...changed }, periods, earned);

describe('a decision', () => {
  it('grants one entry to a plain payment and puts it into the first period', () => {
    expect(decided({})).toEqual({ refusals: [], wanted: 1, granted: 1, limitedBy: [], period: 1 });
  });

  it('takes the first second of the first day and the last second of the last, local time', () => {
    const first = Date.parse('2022-07-31T17:00:00Z') / 1000;
    const last = Date.parse('2023-03-31T16:59:59Z') / 1000;
    expect(decided({ paidAt: first }).granted).toBe(1);
    expect(decided({ paidAt: first - 1 }).refusals).toEqual(['before-window']);
    expect(decided({ paidAt: last })).toMatchObject({ granted: 1, period: 2 });
    expect(decided({ paidAt: last + 1 }).refusals).toEqual(['after-window']);
  });

  it('moves to the next period at the cut-off itself', () => {
    expect(decided({ paidAt: startOfDay('2022-12-01') - 1 }).period).toBe(1);
    expect(decided({ paidAt: startOfDay('2022-12-01') }).period).toBe(2);
  });

  it('gives a late arrival to the next open period, and refuses it when none is open', () => {
    const closed = periods.map((period) => ({ ...period, closed: period.ordinal === 1 }));
    expect(decide(payment, terms, closed, nothing).period).toBe(2);
    const over = periods.map((period) => ({ ...period, closed: true }));
    expect(decide(payment, terms, over, nothing).refusals).toEqual(['period-closed']);
  });

  it('decides the period by the time of recording when the terms say so', () => {
    const late = { paidAt: startOfDay('2022-11-30'), recordedAt: startOfDay('2022-12-02') };
    expect(decided(late).period).toBe(1);
    expect(decided(late, { cutoffBy: 'recorded' }).period).toBe(2);
  });

  it('names every reason, not only the first', () => {
    const facts = {
      amount: 100,
      settled: false,
      excluded: true,
      channel: 'X',
      payerKind: 'business' as const,
    };
    expect(decided(facts, { channels: ['VNPAY'], payerKinds: ['person'] }).refusals).toEqual([
      'not-settled',
      'below-minimum',
      'channel',
      'payer-kind',
      'excluded',
    ]);
  });

  it('accepts the minimum amount exactly', () => {
    expect(decided({ amount: 20_000 }).granted).toBe(1);
    expect(decided({ amount: 19_999 }).refusals).toEqual(['below-minimum']);
  });

  it('refuses a payment that was reversed as a whole and weighs what remains of one reversed in part', () => {
    expect(decided({ reversed: 50_000 }).refusals).toEqual(['reversed']);
    expect(decided({ reversed: 30_000 }).granted).toBe(1);
    expect(decided({ reversed: 30_001 }).refusals).toEqual(['below-minimum']);
  });

  it('gives a reversal nothing and one reason', () => {
    expect(decided({ kind: 'reversal', excluded: true }).refusals).toEqual(['reversal']);
  });

  it('counts one entry for each full step and multiplies by the largest factor that fits', () => {
    const entries = {
      rule: 'step' as const,
      step: 20_000,
      factors: [
        { field: 'channel' as const, value: 'VNPAY', times: 2 },
        { field: 'method' as const, value: 'qr', times: 3 },
      ],
    };
    expect(entriesOf({ ...payment, amount: 59_999 }, { ...terms, entries })).toBe(6);
    expect(entriesOf({ ...payment, amount: 60_000 }, { ...terms, entries })).toBe(9);
    expect(decided({ amount: 19_999 }, { entries, minimumAmount: 0 }).refusals).toEqual(['below-minimum']);
  });

  it('grants what a cap leaves, and refuses when it leaves nothing', () => {
    const changed = {
      entries: { rule: 'step' as const, step: 10_000, factors: [] },
      caps: { payment: 4, day: 6, period: 6, programme: 8 },
    };
    expect(decided({}, changed)).toMatchObject({ wanted: 5, granted: 4, limitedBy: ['payment'] });
    expect(decided({}, changed, { day: 4, period: 4, programme: 4 })).toMatchObject({
      granted: 2,
      limitedBy: ['payment', 'day', 'period', 'programme'],
    });
    expect(decided({}, changed, { day: 6, period: 6, programme: 6 })).toMatchObject({
      granted: 0,
      refusals: ['cap-day', 'cap-period'],
    });
  });
});

describe('refusals', () => {
  it('fit into a number and come back', () => {
    expect(reasonsIn(maskOf(REFUSALS))).toEqual([...REFUSALS]);
    expect(reasonsIn(maskOf(['excluded', 'unit', 'excluded']))).toEqual(['unit', 'excluded']);
    expect(maskOf(['reversal'])).toBe(1);
  });
});

describe('terms', () => {
  it('are sound as they stand, and every fault has its field', () => {
    expect(termsFaults(terms)).toEqual([]);
    const broken: Terms = {
      ...terms,
      closesOn: '2022-07-01',
      minimumAmount: 0.5,
      channels: [],
      entries: { rule: 'step', step: 0, factors: [{ field: 'unit', value: 'x', times: 0 }] },
      caps: { payment: 0, day: null, period: null, programme: null },
    };
    expect(termsFaults(broken).map((fault) => fault.field)).toEqual([
      'closesOn',
      'minimumAmount',
      'entries.step',
      'entries.factors',
      'caps.payment',
      'channels',
    ]);
  });
});
