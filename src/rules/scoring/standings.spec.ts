import * as fc from 'fast-check';
import { CAUSES, differencesOf } from './difference.js';
import { explainScore } from './explanation.js';
import { faultsOf } from './faults.js';
import { fraction, MILLION, type Fraction } from './fraction.js';
import { historyOf } from './history.js';
import type { Group, Indicator, Plan } from './plan.js';
import { policiesFor, trialsOf, withPolicy } from './simulate.js';
import { standingsOf, type Contestant } from './standings.js';
import { DEFAULT_POLICIES, EMPTY_STATES, type Evidence } from './treatment.js';

const indicator = (code: string, more: Partial<Indicator> = {}): Indicator => ({
  code,
  kind: 'flow',
  numeratorUnit: 'dossier',
  denominatorUnit: 'dossier',
  section: 'all',
  direction: 'higher',
  measure: 'share',
  decimals: 2,
  target: { value: fraction(80, 100), operator: '>=', dueOn: 100 },
  curve: { kind: 'threshold', cap: fraction(1, 1) },
  minimumCases: 10,
  policies: DEFAULT_POLICIES,
  shrinkage: 10,
  ...more,
});

const plan = (groups: Group[], more: Partial<Plan> = {}): Plan => ({
  total: 100 * MILLION,
  decimals: 2,
  minimumApplicable: fraction(60, 100),
  ranking: 'competition',
  ties: ['indicators-at-target'],
  bands: [
    { code: 'excellent', from: 90 * MILLION },
    { code: 'good', from: 80 * MILLION },
  ],
  indicators: [indicator('a'), indicator('b'), indicator('c')],
  groups,
  ...more,
});

const group = (units: number[], weights = { a: 50 * MILLION, b: 30 * MILLION, c: 20 * MILLION }): Group => ({
  code: 'districts',
  units,
  weights,
});

const unit = (
  id: number,
  figures: Record<string, [number, number] | null>,
  more: Partial<Contestant> = {},
) => {
  const evidence: Record<string, Evidence> = {};
  for (const [code, counts] of Object.entries(figures))
    evidence[code] = { counts: counts && fraction(...counts), applicable: true };
  return [id, { unit: id, evidence, baseline: {}, ...more }] as const;
};

const rows = (drive: Plan, units: (readonly [number, Contestant])[]) =>
  standingsOf(drive, new Map(units)).flatMap((standings) => standings.rows);

describe('the composite score', () => {
  it('sums the weights a unit earned', () => {
    const [row] = rows(plan([group([1])]), [unit(1, { a: [80, 100], b: [40, 100], c: [0, 100] })]);
    expect(row?.score).toMatchObject({ exact: 65 * MILLION, published: 65 * MILLION, ranked: true });
    expect(row?.targetsMet).toBe(1);
  });

  it('scales the weights of the rest to the full sum where an indicator has no cases', () => {
    const [row] = rows(plan([group([1])]), [unit(1, { a: [40, 100], b: [0, 0], c: [80, 100] })]);
    // (25 + 20) / 70 of 100
    expect(row?.score).toMatchObject({ exact: 64_285_714, published: 64_290_000, applicable: 70 * MILLION });
  });

  it('does not rank a unit with less than 60 % of the weight applicable, and says why', () => {
    const drive = plan([group([1, 2])]);
    const [first, second] = rows(drive, [
      unit(1, { a: [0, 0], b: [40, 100], c: [40, 100] }),
      unit(2, { a: [1, 100], b: [1, 100], c: [1, 100] }),
    ]);
    expect(first).toMatchObject({ unit: 2, place: { rank: 1 } });
    expect(second).toMatchObject({
      unit: 1,
      place: { rank: null },
      score: { unranked: 'too-little-applicable', published: 50 * MILLION },
      band: null,
    });
  });

  it('exactly 60 % is enough', () => {
    const weights = { a: 60 * MILLION, b: 30 * MILLION, c: 10 * MILLION };
    const [row] = rows(plan([group([1], weights)]), [unit(1, { a: [40, 100], b: [0, 0], c: [0, 0] })]);
    expect(row?.place.rank).toBe(1);
  });

  it('of units all of whose cells are exempt ranks nobody and divides by nothing', () => {
    const nothing = { a: [0, 0], b: [0, 0], c: [0, 0] } as Record<string, [number, number]>;
    const all = rows(plan([group([1, 2])]), [unit(1, nothing), unit(2, nothing)]);
    expect(all.map(({ place, score }) => [place.rank, score.unranked, score.published])).toEqual([
      [null, 'nothing-applicable', 0],
      [null, 'nothing-applicable', 0],
    ]);
  });

  it('scores a missing report as zero and a waiting one not at all', () => {
    const drive = plan([group([1, 2])]);
    const waiting = { counts: null, applicable: true, waiting: true };
    const full = unit(2, { a: [80, 100], b: [80, 100] });
    const all = rows(drive, [
      unit(1, { a: [80, 100], b: [80, 100], c: null }),
      [2, { ...full[1], evidence: { ...full[1].evidence, c: waiting } }],
    ]);
    expect(all.map(({ unit: id, score }) => [id, score.published])).toEqual([
      [2, 100 * MILLION],
      [1, 80 * MILLION],
    ]);
  });

  it('spreads a weight in equal parts over its own section', () => {
    const spread = { ...DEFAULT_POLICIES, 'no-cases': 'spread' as const };
    const indicators = [
      indicator('a', { section: 'petitions', policies: spread }),
      indicator('b', { section: 'petitions' }),
      indicator('c', { section: 'other' }),
    ];
    const [row] = rows(plan([group([1])], { indicators }), [
      unit(1, { a: [0, 0], b: [40, 100], c: [80, 100] }),
    ]);
    // b now stands for 80 and is half way: 40, and c adds 20
    expect(row?.score).toMatchObject({ exact: 60 * MILLION, applicable: 100 * MILLION });
  });

  it('spread without anybody to take it is an exemption', () => {
    const spread = { ...DEFAULT_POLICIES, 'no-cases': 'spread' as const };
    const indicators = [
      indicator('a'),
      indicator('b'),
      indicator('c', { section: 'alone', policies: spread }),
    ];
    const [row] = rows(plan([group([1])], { indicators }), [
      unit(1, { a: [40, 100], b: [40, 100], c: [0, 0] }),
    ]);
    expect(row?.score).toMatchObject({ exact: 50 * MILLION, applicable: 80 * MILLION });
  });

  it('adds bonus and penalty points with their reason, never below zero', () => {
    const of = (points: number) =>
      rows(plan([group([1])]), [
        unit(1, { a: [8, 100], b: [0, 100], c: [0, 100] }, { adjustments: [{ points, reason: 'x' }] }),
      ])[0]?.score.exact;
    expect([of(2 * MILLION), of(-1 * MILLION), of(-90 * MILLION)]).toEqual([7 * MILLION, 4 * MILLION, 0]);
  });

  it('one unit in a group is first', () =>
    expect(rows(plan([group([1])]), [unit(1, { a: [1, 100] })])[0]?.place).toMatchObject({
      rank: 1,
      shared: 0,
    }));

  it('ranks the published score: what looks equal is equal', () => {
    const drive = plan([group([1, 2])], { ties: [] });
    const all = rows(drive, [
      unit(1, { a: [79_999, 100_000], b: [80, 100], c: [80, 100] }),
      unit(2, { a: [80, 100], b: [80, 100], c: [80, 100] }),
    ]);
    expect(all.map(({ score, place }) => [score.published, place.rank])).toEqual([
      [100 * MILLION, 1],
      [100 * MILLION, 1],
    ]);
  });

  it('names the band by the published score', () => {
    const bands = (a: number) =>
      rows(plan([group([1])]), [unit(1, { a: [a, 100], b: [80, 100], c: [80, 100] })])[0]?.band;
    expect([bands(64), bands(63), bands(0)]).toEqual(['excellent', 'good', null]);
  });

  it('with everything counted is the weighted mean of the parts, for any figures', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 3, maxLength: 3 }), ([a = 0, b = 0, c = 0]) => {
        const [row] = rows(plan([group([1])]), [unit(1, { a: [a, 100], b: [b, 100], c: [c, 100] })]);
        const parts = row?.score.parts ?? [];
        expect(row?.score.exact).toBe(parts.reduce((sum, part) => sum + part.earned, 0));
      }),
    ));
});

describe('level and progress', () => {
  it('who climbed far from low is first in progress, not in level', () => {
    const weights = { a: 100 * MILLION } as unknown as { a: number; b: number; c: number };
    const drive = plan([group([1, 2], weights)]);
    const baseline = (n: number) => ({ baseline: { a: fraction(n, 100) } });
    const all = rows(drive, [
      unit(1, { a: [70, 100] }, baseline(68)),
      unit(2, { a: [50, 100] }, baseline(20)),
    ]);
    expect(
      all.map(({ unit: id, place, progressPlace, progress }) => [
        id,
        place.rank,
        progressPlace.rank,
        progress.published,
      ]),
    ).toEqual([
      [1, 1, 2, 16_670_000],
      [2, 2, 1, 50 * MILLION],
    ]);
  });
});

describe('history over arrays', () => {
  const figure = fc.tuple(fc.nat(40), fc.nat(40));
  const days = 4;

  it('is what the full rules give, day by day, with any mixture of odd cells', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.array(fc.option(figure), { minLength: 3, maxLength: 3 }), {
            minLength: days,
            maxLength: days,
          }),
          { minLength: 2, maxLength: 7 },
        ),
        fc.constantFrom<Plan['ties']>(
          [],
          ['indicators-at-target'],
          ['indicators-at-target', 'progress'],
          ['progress', { indicator: 'b' }],
        ),
        fc.constantFrom<Plan['ranking']>('competition', 'dense'),
        fc.constantFrom<Indicator['policies']['few-cases']>('shrink', 'raw', 'exempt', 'full', 'spread'),
        fc.constantFrom<0 | 1 | 2>(0, 1, 2),
        (units, ties, ranking, policy, decimals) => {
          const ids = units.map((_, index) => 50 + index);
          const drive = withPolicy(plan([group(ids)], { ties, ranking, decimals }), 'few-cases', policy);
          const progressive = {
            ...drive,
            indicators: [
              indicator('a'),
              indicator('b', { curve: { kind: 'gap-closed', cap: fraction(6, 5) } }),
              indicator('c'),
            ],
          };
          for (const tried of [drive, progressive]) compareWithFull(tried, ids, units);
        },
      ),
      { numRuns: 60 },
    ));

  function compareWithFull(drive: Plan, ids: number[], units: (readonly [number, number] | null)[][][]) {
    const size = days * 3 * units.length;
    const [numerators, denominators] = [new Float64Array(size), new Float64Array(size).fill(-1)];
    units.forEach((perDay, row) =>
      perDay.forEach((cells, day) =>
        cells.forEach((cell, slot) => {
          if (!cell) return;
          const at = (day * 3 + slot) * units.length + row;
          [numerators[at], denominators[at]] = cell;
        }),
      ),
    );
    const contestant = (id: number, day: number): Contestant => {
      const cells = units[id - 50]?.[day] ?? [];
      const evidence = ['a', 'b', 'c'].map((code, slot) => {
        const cell = cells[slot];
        return [code, { counts: cell ? fraction(...cell) : null, applicable: true }] as const;
      });
      return {
        unit: id,
        evidence: Object.fromEntries(evidence),
        baseline: { b: fraction(id - 50, 10) },
        targets: id % 2 ? { c: fraction(id - 40, 40) } : {},
      };
    };
    const history = historyOf(
      drive,
      { days, rows: units.length, numerators, denominators },
      {
        rowOf: (id) => id - 50,
        baseline: (id, code) => contestant(id, 0).baseline[code] ?? null,
        applies: () => true,
        target: (id, code) => contestant(id, 0).targets?.[code] ?? null,
        contestant,
        adjusts: false,
        adjusted: () => 0,
      },
    );
    for (let day = 0; day < days; day++) {
      const full = rows(
        drive,
        ids.map((id) => [id, contestant(id, day)] as const),
      );
      for (const row of full) {
        const at = day * units.length + row.unit - 50;
        expect(history.ranks[at]).toBe(row.place.rank ?? 0);
        expect(history.scores[at]).toBe(row.place.rank ? row.score.published : -1);
      }
    }
  }
});

describe('the policy simulator', () => {
  it('shows every unit under every policy, and what it moves', () => {
    const drive = plan([group([1, 2])]);
    const all = new Map([
      unit(1, { a: [60, 100], b: [60, 100], c: [0, 0] }),
      unit(2, { a: [60, 100], b: [60, 100], c: [40, 100] }),
    ]);
    const trials = trialsOf(drive, all, 'no-cases');
    const of = (policy: string) =>
      trials.find((trial) => trial.policy === policy)?.rows.find((row) => row.unit === 1);
    expect(trials.map(({ policy }) => policy)).toEqual(['exempt', 'zero', 'full', 'spread', 'pool', 'carry']);
    expect(of('exempt')).toMatchObject({ published: 75 * MILLION, scoreMoves: 0, decided: 1 });
    expect(of('zero')).toMatchObject({ published: 60 * MILLION, scoreMoves: -15 * MILLION, rankMoves: -1 });
    expect(of('full')).toMatchObject({ published: 80 * MILLION, rankMoves: 0 });
  });

  it.each(EMPTY_STATES)('knows what can be tried for %s', (state) =>
    expect(policiesFor(state).includes('shrink')).toBe(state === 'few-cases'),
  );
});

describe('faults of a plan', () => {
  const codes = (drive: Plan, baselines?: Map<number, Record<string, Fraction>>) =>
    faultsOf(drive, baselines).map(({ code }) => code);

  it('none', () => expect(codes(plan([group([1, 2])]))).toEqual([]));

  it('weights that do not sum, and how far off', () =>
    expect(faultsOf(plan([group([1, 2], { a: 50 * MILLION, b: 30 * MILLION, c: 19 * MILLION })]))).toEqual([
      { code: 'weights-do-not-sum', group: 'districts', got: 99 * MILLION, expected: 100 * MILLION },
    ]));

  it('a group of one, an empty group, a unit in two groups', () => {
    expect(codes(plan([group([1])]))).toEqual(['group-of-one']);
    expect(codes(plan([group([])]))).toEqual(['group-empty']);
    expect(codes(plan([group([1, 2]), { ...group([2, 3]), code: 'communes' }]))).toEqual([
      'unit-in-two-groups',
    ]);
  });

  it('dossiers over procedures', () =>
    expect(
      codes(
        plan([group([1, 2])], {
          indicators: [indicator('a', { denominatorUnit: 'procedure' }), indicator('b'), indicator('c')],
        }),
      ),
    ).toEqual(['units-mixed']));

  it('a target below the baseline, and whose', () =>
    expect(faultsOf(plan([group([1, 2])]), new Map([[2, { a: fraction(91, 100) }]]))).toEqual([
      { code: 'target-below-baseline', indicator: 'a', units: [2] },
    ]));

  it('a target above 100 %, a tie-break and a weight nobody knows', () => {
    const high = indicator('a', { target: { value: fraction(120, 100), operator: '>=', dueOn: 1 } });
    const weights = { a: 50 * MILLION, b: 30 * MILLION, z: 20 * MILLION } as unknown as {
      a: number;
      b: number;
      c: number;
    };
    expect(
      codes(
        plan([group([1, 2], weights)], { indicators: [high, indicator('b')], ties: [{ indicator: 'q' }] }),
      ),
    ).toEqual(['weight-of-unknown-indicator', 'target-not-a-share', 'tie-of-unknown-indicator']);
  });
});

describe('the difference between two standings', () => {
  const drive = plan([group([1, 2, 3])]);
  const before = new Map([
    unit(1, { a: [40, 100], b: [40, 100], c: [40, 100] }),
    unit(2, { a: [44, 100], b: [40, 100], c: [40, 100] }),
    unit(3, { a: [10, 100], b: [40, 100], c: [40, 100] }),
  ]);
  const situation = (contestants: typeof before, rules = drive) => ({ plan: rules, contestants });

  it('is parted into own and others’ progress', () => {
    const after = new Map(before).set(...unit(1, { a: [60, 100], b: [40, 100], c: [40, 100] }));
    after.set(...unit(3, { a: [76, 100], b: [40, 100], c: [40, 100] }));
    const now = situation(before);
    const [first] = differencesOf({
      from: now,
      corrected: now,
      ruled: now,
      redrawn: now,
      to: situation(after),
    });
    expect(first).toMatchObject({ unit: 1, before: { rank: 2 }, after: { rank: 2 } });
    expect(first?.moves.map(({ cause, places, points }) => [cause, places, points])).toEqual([
      ['corrections', 0, 0],
      ['rules', 0, 0],
      ['boundaries', 0, 0],
      ['own-progress', 1, 12_500_000],
      ['others-progress', -1, 0],
    ]);
  });

  it('always adds up, whatever changed', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 12, maxLength: 12 }), (v) => {
        const at = (index: number) =>
          new Map(
            [1, 2, 3].map((id, i) => unit(id, { a: [v[index + i] ?? 0, 100], b: [50, 100], c: [50, 100] })),
          );
        const heavier = {
          ...drive,
          groups: [group([1, 2, 3], { a: 80 * MILLION, b: 10 * MILLION, c: 10 * MILLION })],
        };
        const passage = {
          from: situation(at(0)),
          corrected: situation(at(3)),
          ruled: situation(at(3), heavier),
          redrawn: situation(at(6), heavier),
          to: situation(at(9), heavier),
        };
        for (const { moves, before: old, after } of differencesOf(passage)) {
          expect(moves.map(({ cause }) => cause)).toEqual(CAUSES);
          expect(moves.reduce((sum, { points }) => sum + points, 0)).toBe(
            (after?.published ?? 0) - (old?.published ?? 0),
          );
          expect(moves.reduce((sum, { places }) => sum + (places ?? 0), 0)).toBe(
            (old?.rank ?? 0) - (after?.rank ?? 0),
          );
        }
      }),
      { numRuns: 40 },
    ));
});

describe('the explanation of a score', () => {
  it('goes down to numerator and denominator, and its parts add up to what was earned', () => {
    const drive = plan([group([1, 2])]);
    const all = rows(drive, [
      unit(1, { a: [40, 100], b: [1, 2], c: [0, 0] }),
      unit(2, { a: [0, 100], b: [60, 100], c: [0, 0] }),
    ]);
    const row = all.find(({ unit: id }) => id === 1);
    const tree = row && explainScore(drive, row);
    expect(tree).toMatchObject({ step: 'score', value: '58.52', terms: { applicable: '80.000000' } });
    expect(tree?.terms['earned']).toBe('46.813725');
    expect(tree?.parts.map(({ step, value }) => [step, value])).toEqual([
      ['part-rate', '25.000000'],
      ['part-rate', '21.813725'],
      ['part-exempt', '0.000000'],
    ]);
    // the group has 61 of 102: (1 + 10 · 61/102) / (2 + 10)
    expect(tree?.parts[1]?.parts.map(({ step, value }) => [step, value])).toEqual([
      ['rate', '50.00'],
      ['rate-shrink', '58.17'],
      ['curve-threshold-higher', null],
    ]);
  });
});
