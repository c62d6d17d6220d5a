import * as fc from 'fast-check';
import { compare, lowest, millionthsOf, pooled, quotient, quotientBig, timesOver } from './fraction.js';

const whole = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
const positive = fc.integer({ min: 1, max: 2 ** 50 });

describe('exact arithmetic', () => {
  it.each([
    [1, 2, 1],
    [-1, 2, -1],
    [1, 3, 0],
    [2, 3, 1],
    [5, 2, 3],
    [-5, 2, -3],
    [0, 7, 0],
  ])('rounds %i / %i half-up to %i', (a, c, expected) => expect(quotient(a, c)).toBe(expected));

  it('divides as BigInt does, for any whole numbers', () =>
    fc.assert(
      fc.property(whole, positive, (a, c) => {
        expect(BigInt(quotient(a, c))).toBe(quotientBig(BigInt(a), BigInt(c)));
      }),
    ));

  it('multiplies and divides exactly when the product leaves the safe range', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: 0, max: 2 ** 40 }), (a, b) => {
        const c = 2 ** 40 + 1;
        expect(BigInt(timesOver(a, b, c))).toBe(quotientBig(BigInt(a) * BigInt(b), BigInt(c)));
      }),
    ));

  it('compares as cross products do, and lowest terms change nothing', () =>
    fc.assert(
      fc.property(whole, positive, whole, positive, (a, b, c, d) => {
        const [left, right] = [
          { numerator: a, denominator: b },
          { numerator: c, denominator: d },
        ];
        const [x, y] = [BigInt(a) * BigInt(d), BigInt(c) * BigInt(b)];
        expect(compare(left, right)).toBe(x < y ? -1 : x > y ? 1 : 0);
        expect(compare(lowest(left), left)).toBe(0);
      }),
    ));

  it('gives a third as 333 333 millionths', () =>
    expect(millionthsOf({ numerator: 1, denominator: 3 })).toBe(333_333));
});

describe('rates of parts', () => {
  it('become the rate of the whole by their counts, not by their average', () => {
    const communes = [
      { numerator: 90, denominator: 100 },
      { numerator: 0, denominator: 2 },
    ];
    expect(pooled(communes)).toEqual({ numerator: 90, denominator: 102 });
  });

  // Sum of daily averages of a team whose member left: 25.000/4 + 15.000/3 = 11.250
  // (support-walkertracker-new.helpscoutdocs.com, article 565).
  it('add as fractions where a rule really wants quotients added', () => {
    const days = [
      { numerator: 25_000, denominator: 4 },
      { numerator: 15_000, denominator: 3 },
    ];
    expect(days.map(millionthsOf).reduce((a, b) => a + b, 0)).toBe(11_250 * 1_000_000);
  });
});
