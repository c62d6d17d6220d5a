import * as fc from 'fast-check';
import { compare, type Fraction } from './fraction.js';
import { wilson } from './interval.js';
import { quotientOf } from './decimal.js';
import {
  cellOf,
  DEFAULT_POLICIES,
  posterior,
  shrunken,
  stateOf,
  type CellRule,
  type FewCasesPolicy,
} from './treatment.js';

const rate = (numerator: number, denominator: number): Fraction => ({ numerator, denominator });
const rule: CellRule = { measure: 'share', minimumCases: 10, policies: DEFAULT_POLICIES, shrinkage: 10 };
const group = rate(60, 100);
const known = (counts: Fraction | null, more = {}) => ({ counts, applicable: true, ...more });

describe('the state of a cell', () => {
  it.each([
    ['an ordinary rate', known(rate(5, 10)), 'counted'],
    ['one case below the minimum', known(rate(5, 9)), 'few-cases'],
    ['no cases', known(rate(0, 0)), 'no-cases'],
    ['nothing reported', known(null), 'missing'],
    ['nothing reported yet', known(null, { waiting: true }), 'waiting'],
    ['no such procedure', { counts: rate(0, 0), applicable: false }, 'not-applicable'],
    ['more than 100 %', known(rate(11, 10)), 'refused'],
    ['a negative count', known(rate(-1, 10)), 'refused'],
  ])('%s', (_, evidence, state) => expect(stateOf(rule, evidence)).toBe(state));

  it('a quotient of unlike things may exceed one', () =>
    expect(stateOf({ ...rule, measure: 'quotient' }, known(rate(21, 10)))).toBe('counted'));
});

describe('policies', () => {
  const few = (policy: FewCasesPolicy, more = {}) =>
    cellOf(
      { ...rule, policies: { ...DEFAULT_POLICIES, 'few-cases': policy } },
      known(rate(1, 2), more),
      group,
    );

  it.each(['exempt', 'zero', 'full', 'spread'] as const)('%s says itself', (policy) =>
    expect(few(policy).treatment).toEqual({ by: policy }),
  );

  it('pool takes the widened window, carry the last rate, raw the rate itself', () => {
    expect(few('pool', { widened: rate(8, 12) }).treatment).toEqual({ by: 'rate', rate: rate(8, 12) });
    expect(few('carry', { last: rate(3, 4) }).treatment).toEqual({ by: 'rate', rate: rate(3, 4) });
    expect(few('raw').treatment).toEqual({ by: 'rate', rate: rate(1, 2) });
  });

  it('without anything to widen or carry falls back to the default of the state', () => {
    expect(few('pool').treatment).toEqual(few('shrink').treatment);
    const none = { ...rule, policies: { ...DEFAULT_POLICIES, 'no-cases': 'carry' as const } };
    expect(cellOf(none, known(rate(0, 0)), group).treatment).toEqual({ by: 'exempt' });
  });

  it('shows the raw rate, never the shrunken one', () => {
    const cell = few('shrink');
    expect(cell.shown).toEqual(rate(1, 2));
    // (1 + 10 · 0,6) / (2 + 10)
    expect(cell.treatment).toEqual({ by: 'rate', rate: rate(7, 12) });
  });
});

describe('shrinkage', () => {
  // dgrtwo/ebbr 4b9747d README: prior 11.39115, 46.0875
  it.each([
    [66, 182, '0.323165'],
    [198, 1015, '0.195240'],
    [1, 5, '0.198326'],
    [3, 12, '0.207130'],
    [5, 40, '0.168151'],
    [238, 1046, '0.226003'],
  ])('%i of %i becomes %s under the prior of the published example', (x, n, expected) => {
    const value = Number(quotientOf(posterior(rate(x, n), 11_391_150, 46_087_500), 8));
    expect(Math.abs(value - Number(expected))).toBeLessThan(4e-6);
  });

  it('lies between the own rate and the group, nearer the own with more cases', () =>
    fc.assert(
      fc.property(
        fc.nat(50),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(100),
        fc.integer({ min: 1, max: 30 }),
        (x, n, g, m) => {
          const own = rate(Math.min(x, n), n);
          const all = rate(g, 100);
          const between = shrunken(own, all, m);
          const [low, high] = compare(own, all) <= 0 ? [own, all] : [all, own];
          expect(compare(low, between)).toBeLessThanOrEqual(0);
          expect(compare(between, high)).toBeLessThanOrEqual(0);
        },
      ),
    ));

  it('leaves the rate alone where the group has no cases', () =>
    expect(shrunken(rate(1, 2), rate(0, 0), 10)).toEqual(rate(1, 2)));
});

describe("Wilson's interval", () => {
  // statsmodels 82c59e3, results_proportion.py (R binom.confint), tolerance 1e-5
  it.each([
    [18, 20, 0.698966, 0.972134],
    [4, 20, 0.080658, 0.416017],
    [4, 200, 0.007804, 0.050287],
    [1, 30, 0.005909, 0.166704],
    [0, 30, 0, 0.113513],
    [30, 30, 0.886487, 1],
    [19, 38, 0.348499, 0.651501],
    [0, 2, 0, 0.65762],
  ])('of %i in %i', (x, n, low, high) => {
    const interval = wilson(rate(x, n));
    expect(Math.abs(interval.low / 1e6 - low)).toBeLessThan(1e-5);
    expect(Math.abs(interval.high / 1e6 - high)).toBeLessThan(1e-5);
  });
});
