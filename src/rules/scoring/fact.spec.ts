import * as fc from 'fast-check';
import { increments, overTime, upTheTree, type Fact } from './fact.js';

const day = (on: number, numerator: number, denominator: number): Fact => ({
  from: on,
  until: on + 1,
  numerator,
  denominator,
});
const days = (from: number, until: number) => ({ from, until });

describe('flows', () => {
  const facts = [day(0, 1, 2), day(1, 3, 4), day(2, 5, 6)];

  it('add over any window of days', () =>
    expect(overTime('flow', facts, days(1, 3))).toMatchObject({ counts: { numerator: 8, denominator: 10 } }));

  it('are missing, not zero, where nothing was reported', () =>
    expect(overTime('flow', facts, days(5, 9))).toEqual({ counts: null, why: 'missing' }));

  it('cannot be cut: a week that is half inside the window', () => {
    const week = { from: 0, until: 7, numerator: 7, denominator: 7 };
    expect(overTime('flow', [week], days(0, 3))).toEqual({ counts: null, why: 'straddles-window' });
  });

  it('of two windows that meet are the flow of both together', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 3, maxLength: 20 }), fc.nat(19), (values, at) => {
        const cut = 1 + (at % (values.length - 1));
        const all = values.map((value, index) => day(index, value, value + 1));
        const of = (from: number, until: number) => {
          const sum = overTime('flow', all, days(from, until));
          return sum.counts?.numerator ?? 0;
        };
        expect(of(0, cut) + of(cut, values.length)).toBe(of(0, values.length));
      }),
    ));

  it('overlapping windows of one report are each computed from the days', () => {
    // The interim report prints 01-16/6, 16-22/6 and 01-22/6: the 16th is in two of them.
    const june = Array.from({ length: 22 }, (_, index) => day(index + 1, 1, 2));
    const count = (from: number, until: number) =>
      overTime('flow', june, days(from, until)).counts?.denominator;
    expect([count(1, 17), count(16, 23), count(1, 23)]).toEqual([32, 14, 44]);
  });
});

describe('running totals', () => {
  it('give the increment of a window', () => {
    const totals = [day(0, 10, 20), day(7, 25, 50), day(14, 40, 70)];
    expect(overTime('cumulative', totals, days(8, 15))).toMatchObject({
      counts: { numerator: 15, denominator: 20 },
    });
    expect(overTime('cumulative', totals, days(0, 15))).toMatchObject({
      counts: { numerator: 40, denominator: 70 },
    });
  });

  it('must not fall', () => {
    const totals = [day(0, 10, 20), day(1, 9, 22)];
    expect(overTime('cumulative', totals, days(1, 2))).toEqual({ counts: null, why: 'falling' });
    expect(increments(totals).falling).toEqual([totals[1]]);
  });

  it('carry over a day without a report (DHIS2 manual, year to date: 1, 3, 3, 6)', () => {
    const reported = [day(1, 1, 1), day(2, 3, 3), day(4, 6, 6)];
    const toDate = [0, 1, 2, 3, 4, 5].map((last) => {
      const known = reported.filter(({ until }) => until <= last + 1);
      const sum = overTime('stock', known, days(0, last + 1));
      return sum.counts?.numerator ?? null;
    });
    expect(toDate).toEqual([null, 1, 3, 3, 6, 6]);
  });
});

describe('stocks, levels and distinct counts', () => {
  it('a stock is the last figure on or before the day', () =>
    expect(overTime('stock', [day(0, 80, 108), day(9, 108, 108)], days(0, 5))).toMatchObject({
      counts: { numerator: 80, denominator: 108 },
    }));

  it('a distinct count stands for its own window alone', () => {
    const counted = { from: 0, until: 16, numerator: 52, denominator: 55 };
    expect(overTime('distinct', [counted], days(0, 16))).toMatchObject({ counts: { numerator: 52 } });
    expect(overTime('distinct', [counted], days(0, 22))).toEqual({ counts: null, why: 'not-additive' });
  });

  it.each(['distinct', 'level', 'task'] as const)('%s never adds up a tree', (kind) =>
    expect(upTheTree(kind, [day(0, 1, 2), day(0, 3, 4)])).toBeNull(),
  );

  // DHIS2 keeps the last of the merged values (11 and 13); here counts add: 10 + 11 and 12 + 13
  // (dhis2-core 3f8c14a, DataOrgUnitMergeHandlerTest).
  it('merged units add up: 21 and 25', () => {
    const [ouA, ouB] = [
      [10, 12],
      [11, 13],
    ] as const;
    const merged = [0, 1].map(
      (at) => upTheTree('flow', [day(0, ouA[at]!, 0), day(0, ouB[at]!, 0)])?.numerator,
    );
    expect(merged).toEqual([21, 25]);
  });
});
