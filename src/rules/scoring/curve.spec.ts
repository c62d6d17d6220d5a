import * as fc from 'fast-check';
import { meets, pointsOn } from './curve.js';
import { MILLION, quotientBig, type Fraction } from './fraction.js';
import type { Curve, Target } from './plan.js';

const once: Fraction = { numerator: 1, denominator: 1 };
const rate = (numerator: number, denominator: number): Fraction => ({ numerator, denominator });
const target = (value: Fraction, operator: Target['operator'] = '>='): Target => ({
  value,
  operator,
  dueOn: 0,
});
const threshold: Curve = { kind: 'threshold', cap: once };
const gap: Curve = { kind: 'gap-closed', cap: once };
const W = 12 * MILLION;

describe('threshold: P · min(1, R / T)', () => {
  const points = pointsOn({ curve: threshold, direction: 'higher', target: target(rate(80, 100)) }, W);

  it.each([
    ['nothing', 0, 10, 0],
    ['half the target', 4, 10, 6 * MILLION],
    ['just below', 799, 1000, 11_985_000],
    ['the target', 8, 10, W],
    ['all', 10, 10, W],
  ])('%s', (_, n, d, expected) => expect(points(n, d)).toBe(expected));

  it('is the exact quotient rounded half-up, whatever the numbers', () =>
    fc.assert(
      fc.property(
        fc.nat(10 ** 9),
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.integer({ min: 1, max: 100 }),
        (a, d, t) => {
          const n = Math.min(a, d);
          const own = pointsOn({ curve: threshold, direction: 'higher', target: target(rate(t, 100)) }, W)(
            n,
            d,
          );
          const exact = quotientBig(BigInt(W) * BigInt(n) * 100n, BigInt(d) * BigInt(t));
          expect(own).toBe(Number(exact > BigInt(W) ? BigInt(W) : exact));
        },
      ),
    ));

  it('pays a bonus up to its cap', () => {
    const curve: Curve = { kind: 'threshold', cap: rate(6, 5) };
    const bonus = pointsOn({ curve, direction: 'higher', target: target(rate(50, 100)) }, 10 * MILLION);
    expect([bonus(55, 100), bonus(60, 100), bonus(90, 100)]).toEqual([11 * MILLION, W, W]);
  });

  it('lower is better: P · min(1, T / R), and none at all is the best', () => {
    const late = pointsOn({ curve: threshold, direction: 'lower', target: target(rate(2, 100), '<=') }, W);
    expect([late(0, 50), late(1, 50), late(2, 50), late(50, 50)]).toEqual([W, W, W / 2, 240_000]);
  });
});

describe('gap closed: P · clip((x − b) / (T − b), 0, 1)', () => {
  const from = (baseline: Fraction) =>
    pointsOn({ curve: gap, direction: 'higher', target: target(rate(80, 100)) }, W, baseline);

  it('counts the way from the own baseline', () => {
    expect(from(rate(40, 100))(60, 100)).toBe(6 * MILLION);
    expect(from(rate(40, 100))(30, 100)).toBe(0);
    expect(from(rate(40, 100))(90, 100)).toBe(W);
  });

  it('with a target below the baseline asks for holding it: "maintained"', () => {
    expect(from(rate(91, 100))(85, 100)).toBe(W);
    expect(from(rate(91, 100))(40, 100)).toBe(6 * MILLION);
  });

  it('lower is better: the way down', () => {
    const points = pointsOn(
      { curve: gap, direction: 'lower', target: target(rate(2, 100), '<=') },
      W,
      rate(10, 100),
    );
    expect([points(10, 100), points(6, 100), points(1, 100)]).toEqual([0, 6 * MILLION, W]);
  });
});

describe('steps', () => {
  const steps = [
    { at: rate(50, 100), share: rate(1, 2) },
    { at: rate(80, 100), share: once },
  ];

  it('give the share of the best step reached', () => {
    const points = pointsOn({ curve: { kind: 'steps', steps }, direction: 'higher', target: null }, W);
    expect([points(49, 100), points(50, 100), points(79, 100), points(80, 100)]).toEqual([
      0,
      W / 2,
      W / 2,
      W,
    ]);
  });

  it('downwards where lower is better', () => {
    const down = [
      { at: rate(5, 100), share: rate(1, 2) },
      { at: rate(1, 100), share: once },
    ];
    const points = pointsOn({ curve: { kind: 'steps', steps: down }, direction: 'lower', target: null }, W);
    expect([points(6, 100), points(5, 100), points(0, 100)]).toEqual([0, W / 2, W]);
  });
});

describe('every curve', () => {
  const curves: Curve[] = [threshold, gap, { kind: 'threshold', cap: rate(6, 5) }];

  it('never pays less for a better rate, nor outside 0 to its cap', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...curves),
        fc.nat(1000),
        fc.nat(1000),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 100 }),
        (curve, a, b, t, base) => {
          const points = pointsOn(
            { curve, direction: 'higher', target: target(rate(t, 100)) },
            W,
            rate(base, 100),
          );
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(points(low, 1000)).toBeLessThanOrEqual(points(high, 1000));
          expect(points(low, 1000)).toBeGreaterThanOrEqual(0);
          expect(points(high, 1000)).toBeLessThanOrEqual((W * 6) / 5);
        },
      ),
    ));
});

describe('meets', () => {
  it.each([
    ['>=', 80, true],
    ['>', 80, false],
    ['<=', 80, true],
    ['<', 80, false],
  ] as const)('%s at the edge', (operator, n, expected) =>
    expect(meets(target(rate(80, 100), operator), rate(n, 100))).toBe(expected),
  );

  it('a rate without cases meets nothing', () =>
    expect(meets(target(rate(80, 100), '<='), rate(0, 0))).toBe(false));
});
