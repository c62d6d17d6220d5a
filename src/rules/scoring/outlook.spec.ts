import * as fc from 'fast-check';
import { casesNeeded, evennessOf, shortfall } from './evenness.js';
import { robustSlope, type Increment } from './endings.js';
import { backTest, forecastOf } from './forecast.js';
import { compare, fraction, millionthsOf, pooled } from './fraction.js';
import { expectedOn, paceOf, straightPath } from './pace.js';
import { expectedOf, reportingRate } from './reporting.js';
import { behaviourOf, findingsOf, limitsOf } from './spread.js';
import type { Target } from './plan.js';

const target = (percent: number, dueOn = 93): Target => ({
  value: fraction(percent, 100),
  operator: '>=',
  dueOn,
});
const member = (unit: number, n: number, d: number) => ({ unit, rate: fraction(n, d) });

describe('evenness inside a unit', () => {
  const communes = [member(1, 90, 100), member(2, 10, 100), member(3, 45, 50), member(4, 0, 0)];
  const even = evennessOf(communes, target(80));

  it('counts communes at the target among those with cases', () =>
    expect(even).toMatchObject({ atTarget: 2, withCases: 3, whole: fraction(145, 250) }));

  it('gives lowest, quartiles and highest as rates that exist', () => {
    expect(even?.lowest).toEqual(fraction(10, 100));
    expect(even?.quartiles.map(millionthsOf)).toEqual([100_000, 900_000, 900_000]);
  });

  it('names who pulls the unit down, the heaviest first: d/D · (r − T)', () => {
    expect(even?.pulls.map(({ unit, pull, needed }) => [unit, pull, needed])).toEqual([
      [2, -280_000, 70],
      [3, 20_000, 0],
      [1, 40_000, 0],
    ]);
  });

  it('the pulls add up to the gap of the whole', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 100 })), { minLength: 1 }),
        (pairs) => {
          const members = pairs.map(([n, d], unit) => member(unit, Math.min(n, d), d));
          const found = evennessOf(members, target(80));
          const sum = found?.pulls.reduce((total, { pull }) => total + pull, 0) ?? 0;
          const gap = -shortfall(pooled(members.map(({ rate }) => rate)), fraction(80, 100));
          expect(Math.abs(sum - gap)).toBeLessThanOrEqual(members.length);
        },
      ),
    ));

  it('is nothing where nobody has cases', () => expect(evennessOf([member(1, 0, 0)], target(80))).toBeNull());
});

describe('cases to the target', () => {
  it('T·D − n, rounded to the case that reaches it', () => {
    expect(casesNeeded(fraction(25_392, 220_782), target(50))).toBe(84_999);
    expect(casesNeeded(fraction(80, 100), target(80))).toBe(0);
    expect(casesNeeded(fraction(80, 100), { ...target(80), operator: '>' })).toBe(1);
    expect(casesNeeded(fraction(5, 100), { ...target(2), operator: '<=' })).toBe(3);
  });

  it('that many reach it, one less does not', () =>
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 100 }),
        (a, d, t) => {
          const n = Math.min(a, d);
          const more = casesNeeded(fraction(n, d), target(t));
          expect(compare(fraction(n + more, d), fraction(t, 100))).toBeGreaterThanOrEqual(0);
          if (more > 0) expect(compare(fraction(n + more - 1, d), fraction(t, 100))).toBe(-1);
        },
      ),
    ));

  // Bà Rịa - Vũng Tàu: 22,6 % against 80 %
  it('22,6 % is 57,4 points short of 80 %', () =>
    expect(shortfall(fraction(226, 1000), fraction(80, 100))).toBe(574_000));
});

describe('pace', () => {
  const path = straightPath({ on: 0, value: fraction(20, 100) }, target(80, 60));

  it('expects the straight way between launch and due day', () =>
    expect([-1, 0, 30, 60, 99].map((day) => expectedOn(path, day))).toEqual([
      200_000, 200_000, 500_000, 800_000, 800_000,
    ]));

  it('holds a stepped path until the next milestone is due', () => {
    const steps = {
      kind: 'stepped',
      milestones: [
        { on: 0, value: fraction(1, 4) },
        { on: 10, value: fraction(1, 2) },
      ],
    } as const;
    expect([9, 10].map((day) => expectedOn(steps, day))).toEqual([250_000, 500_000]);
  });

  it('says where the unit is and what each day must bring', () => {
    expect(paceOf(fraction(50, 100), target(80, 60), path, 30)).toMatchObject({
      expected: 500_000,
      daysLeft: 30,
      required: 10_000,
      cases: 30,
      casesPerDay: 1,
      status: 'ahead',
    });
    expect(paceOf(fraction(49, 100), target(80, 60), path, 30).status).toBe('behind');
    expect(paceOf(fraction(80, 100), target(80, 60), path, 30).status).toBe('met');
    expect(paceOf(fraction(79, 100), target(80, 60), path, 61)).toMatchObject({
      status: 'due',
      required: 10_000,
    });
  });
});

describe('forecast', () => {
  const die = (seed: number) => () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const steady = (count: number, n: number, d: number): Increment[] =>
    Array.from({ length: count }, (_, index) => ({ day: index + 1, ...fraction(n, d) }));
  const now = (days: number) => ({ today: days, target: target(80, 40) });
  const simulation = (seed = 1) => ({ die: die(seed), runs: 500 });

  it('is not made under seven reported days', () =>
    expect(forecastOf(fraction(6, 60), steady(6, 1, 10), now(6), simulation())).toEqual({
      none: 'too-few-days',
    }));

  it('nor once the due day has come, nor without any case', () => {
    expect(forecastOf(fraction(8, 8), steady(8, 1, 1), now(40), simulation())).toEqual({
      none: 'due-day-passed',
    });
    expect(forecastOf(fraction(0, 0), steady(8, 0, 0), now(8), simulation())).toEqual({ none: 'no-cases' });
  });

  it('of a steady unit is certain', () =>
    expect(forecastOf(fraction(90, 100), steady(10, 9, 10), now(10), simulation())).toEqual({
      expected: fraction(360, 400),
      low: fraction(360, 400),
      high: fraction(360, 400),
      hits: 500,
      runs: 500,
      basedOn: 10,
      heldAgainst: 0,
    }));

  it('is the same for the same seed, and its band is in order', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { minLength: 7, maxLength: 30 }),
        fc.nat(),
        (days, seed) => {
          const reported = days.map(([n, more], index) => ({ day: index, ...fraction(n, n + more) }));
          const make = () => forecastOf(pooled(reported), reported, now(30), { die: die(seed), runs: 60 });
          const outlook = make();
          expect(make()).toEqual(outlook);
          if ('none' in outlook) return;
          expect(compare(outlook.low, outlook.high)).toBeLessThanOrEqual(0);
          expect(outlook.hits).toBeLessThanOrEqual(outlook.runs);
        },
      ),
    ));

  it('one wild day does not move the robust slope', () => {
    const line = Array.from({ length: 15 }, (_, day) => ({ day, value: day * 10 }));
    expect(robustSlope(line.map((point) => (point.day === 7 ? { day: 7, value: 9_999 } : point)))).toBe(
      10_000_000,
    );
  });

  it('carries a count on, which has no cases below the line', () => {
    const outlook = forecastOf(fraction(100, 1), steady(10, 10, 0), now(10), simulation());
    expect(outlook).toMatchObject({
      expected: fraction(400, 1),
      low: fraction(400, 1),
      high: fraction(400, 1),
    });
  });

  it('holds an even drift at a distance seen before, and follows it to one that was not, within a point', () => {
    const climbing = Array.from({ length: 30 }, (_, index) => ({ day: index + 1, ...fraction(index, 100) }));
    const at = (dueOn: number) =>
      forecastOf(pooled(climbing), climbing, { today: 30, target: target(80, dueOn) }, simulation());
    const [near, far] = [at(37), at(79)];
    expect([near, far]).toMatchObject([{ heldAgainst: 17 }, { heldAgainst: 5 }]);
    if ('none' in near || 'none' in far) throw new Error('no forecast');
    const reached = (dueOn: number) => fraction((dueOn * (dueOn - 1)) / 2, dueOn * 100);
    expect(compare(reached(37), near.low)).toBeGreaterThanOrEqual(0);
    expect(compare(near.high, reached(37))).toBeGreaterThanOrEqual(0);
    expect(Math.abs(millionthsOf(far.high) - millionthsOf(reached(79)))).toBeLessThan(10_000);
  });

  const RHYTHM = [0.2, 0.06, 1.25, 1.1, 1, 1, 0.95];
  const KINDS: Readonly<Record<string, (day: number, size: number) => { cases: number; share: number }>> = {
    steady: () => ({ cases: 1, share: 0.6 }),
    'with a rhythm of the week': (day) => ({
      cases: RHYTHM[day % 7] ?? 1,
      share: 0.6 + (day % 7 === 2 ? 0.1 : 0) - (day % 7 === 6 ? 0.1 : 0),
    }),
    drifting: (day, size) => ({ cases: 1, share: 0.5 + ((size - 45) / 40) * 0.005 * day }),
    'ramping up': (day) => ({ cases: RHYTHM[day % 7] ?? 1, share: 0.3 + 0.65 * (1 - 2 ** (-day / 25)) }),
    jumping: (day, size) => ({ cases: 1, share: day < size - 5 + 20 ? 0.5 : 0.65 }),
  };

  /** Binomial days of an office of some size. */
  function reportedOf(kind: string, seed: number): Increment[] {
    const chance = die(seed * 7_919);
    const size = 5 + Math.floor(chance() * 80);
    return Array.from({ length: 92 }, (_, day) => {
      const { cases, share } = KINDS[kind]?.(day, size) ?? { cases: 0, share: 0 };
      const denominator = Math.round(size * cases * (0.7 + 0.6 * chance()));
      const good = Array.from({ length: denominator }, () => chance() < share);
      return { day, ...fraction(good.filter(Boolean).length, denominator) };
    });
  }

  it.each(Object.keys(KINDS))('%s, a week ahead, the band of 80 %% holds 70 to 90 in 100', (kind) => {
    const tests = Array.from({ length: 10 }, (_, seed) =>
      backTest(reportedOf(kind, seed + 1), fraction(0, 0), 7, target(80), { die: die(seed), runs: 60 }),
    ).flat();
    const held = tests.filter(({ inBand }) => inBand).length / tests.length;
    expect(held).toBeGreaterThan(0.7);
    expect(held).toBeLessThan(0.9);
  });

  it('is held against what came', () => {
    const tests = backTest(steady(20, 9, 10), fraction(0, 0), 7, target(80), simulation());
    expect(tests).toHaveLength(7);
    expect(tests.every(({ inBand, expected, actual }) => inBand && compare(expected, actual) === 0)).toBe(
      true,
    );
  });
});

describe('natural process limits', () => {
  // NHSRplotthedots 050b07d, test-ptd_spc_standard.R: rnorm(20) under seed 123, in units of 1e-8
  const series = [
    -56047565, -23017749, 155870831, 7050839, 12928774, 171506499, 46091621, -126506123, -68685285, -44566197,
    122408180, 35981383, 40077145, 11068272, -55584113, 178691314, 49785048, -196661716, 70135590, -47279141,
  ];
  const near = (got: number | undefined, expected: number) =>
    expect(Math.abs((got ?? 0) / 1e8 - expected)).toBeLessThan(2e-6);

  it('mean ∓ 2,66 × mean moving range', () => {
    const limits = limitsOf(series);
    near(limits?.mean, 0.1416238);
    near(limits?.lower, -3.01138);
    near(limits?.upper, 3.294627);
  });

  it('screened of one wild point', () => {
    const wild = series.with(14, 1_000_000_000);
    near(limitsOf(wild)?.upper, 3.722497);
    near(limitsOf(wild, false)?.upper, 5.935457);
    near(limitsOf(wild, false)?.lower, -4.596625);
  });

  it('find the point outside them and seven on one side', () => {
    const wild = series.with(14, 1_000_000_000);
    const limits = limitsOf(wild);
    expect(limits && findingsOf(wild, limits)[14]).toBe('outside-limits');
    const shifted = [0, 10, 0, 10, 0, 10, 0, 10, 6, 7, 6, 7, 6, 7, 6];
    expect(findingsOf(shifted, { mean: 5, lower: -20, upper: 30 })[10]).toBe('seven-on-one-side');
  });
});

describe('behaviour of a series that may climb by plan', () => {
  const chance = (seed: number) => () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  /** 92 days: a course in millionths and an even scatter of 4 points about it. */
  const days = (seed: number, course: (day: number) => number) => {
    const die = chance(seed * 7_919);
    return Array.from({ length: 92 }, (_, day) => ({
      day,
      value: Math.round(course(day) + 80_000 * (die() - 0.5)),
    }));
  };
  const found = (points: readonly { day: number; value: number }[]) =>
    behaviourOf(points)?.findings.filter(Boolean).length ?? 0;
  const ramp = (day: number) => 300_000 + 650_000 * (1 - 2 ** (-day / 25));

  it('is that of the plain limits where nothing climbs', () => {
    const points = [3, 9, 4, 8, 5, 7, 3, 9, 4, 8].map((value, day) => ({ day, value: value * 1_000 }));
    const series = points.map(({ value }) => value);
    expect(behaviourOf(points)).toMatchObject({
      trending: false,
      course: series.map(() => limitsOf(series)),
    });
  });

  it('does not take a ramp for something out of the ordinary', () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => days(seed + 1, ramp));
    const plain = seeds.map((points) => {
      const series = points.map(({ value }) => value);
      const limits = limitsOf(series);
      return limits ? findingsOf(series, limits).filter(Boolean).length : 0;
    });
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(plain) / (20 * 92)).toBeGreaterThan(0.6);
    expect(sum(seeds.map(found)) / (20 * 92)).toBeLessThan(0.15);
    expect(seeds.every((points) => behaviourOf(points)?.trending)).toBe(true);
  });

  it('still finds the wild day on a ramp, and hardly anything on a level', () => {
    const wild = days(3, ramp).map((point) => (point.day === 40 ? { day: 40, value: 100_000 } : point));
    expect(behaviourOf(wild)?.findings[40]).toBe('outside-limits');
    expect(found(days(4, () => 500_000))).toBeLessThan(10);
  });
});

describe('reports that were due', () => {
  // dhis2-core 3f8c14a DataHandler.getReportingRate and AnalyticsServiceReportingRateTest; community topic 45256
  it.each([
    [500, 1000, 0, '50'],
    [0, 100, 0, '0'],
    [500, null, 0, null],
    [46, 60, 2, '76.67'],
    [7, 6, 0, '100'],
    [3, 0, 0, '0'],
  ])('%p of %p', (actual, expected, decimals, rate) =>
    expect(reportingRate(actual, expected, decimals)).toBe(rate),
  );

  it('a unit there from February to July owes six monthly reports, not twelve', () =>
    expect(expectedOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], { from: 2, until: 8 })).toBe(6));
});
