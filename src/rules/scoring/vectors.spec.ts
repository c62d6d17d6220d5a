import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { boardState, type BoardTimes } from '../calendar/board.js';
import { addDays, inclusiveDays, numberOfDay } from '../calendar/day.js';
import { meets } from './curve.js';
import { percentOf, printed, quotientOf } from './decimal.js';
import { upTheTree } from './fact.js';
import { compare, fraction, MILLION, pooled } from './fraction.js';
import type { Indicator, Plan } from './plan.js';
import { ranksOf } from './rank.js';
import { trialsOf } from './simulate.js';
import { expectedOf, reportingRate } from './reporting.js';
import { behaviourOf, limitsOf } from './spread.js';
import { standingsOf, type Contestant } from './standings.js';
import { DEFAULT_POLICIES, posterior } from './treatment.js';
import { trendsOf } from './trend.js';
import { wilson } from './interval.js';

/** The collected figures of real systems lie beside the project, not in it; without them these checks are skipped. */
const FOLDER = join(import.meta.dirname, '../../../../shared/data/vectors');
const there = existsSync(FOLDER);
const vectors = (name: string) =>
  there ? JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) : null;
const whenThere = there ? describe : describe.skip;
if (!there)
  it('skips the collected figures: no folder shared/data/vectors beside the project', () => undefined);

interface PaymentRow {
  code: string;
  level: string;
  dossiersPaidOnline: number;
  dossiersWithFinancialObligation: number;
  proceduresPaidOnline: number;
  feeProceduresWithSyncedFee: number;
  feeProcedures: number;
  publishedScore: number;
}

/** Online payment of decision 766 as the portal scores it: 6·A + min(2, 2,5·B) + 2,5·C. */
function paymentPlan(units: number[], policy: 'zero' | 'exempt'): Plan {
  const indicator = (code: string, target: [number, number], curve: Indicator['curve']): Indicator => ({
    code,
    kind: 'flow',
    numeratorUnit: code,
    denominatorUnit: code,
    section: 'payment',
    direction: 'higher',
    measure: 'share',
    decimals: 2,
    target: { value: fraction(...target), operator: '>=', dueOn: 0 },
    curve,
    minimumCases: 0,
    policies: { ...DEFAULT_POLICIES, 'no-cases': policy },
    shrinkage: 0,
  });
  const plain = { kind: 'threshold', cap: fraction(1, 1) } as const;
  return {
    total: 10 * MILLION,
    decimals: 2,
    minimumApplicable: fraction(0, 1),
    ranking: 'competition',
    ties: [],
    bands: [],
    indicators: [
      indicator('paid', [1, 1], plain),
      indicator('offered', [80, 100], plain),
      // 2,5·C may reach 2,5 where 2 is the weight: the observed formula has no cap
      indicator('synced', [80, 100], { kind: 'threshold', cap: fraction(5, 4) }),
    ],
    groups: [
      { code: 'all', units, weights: { paid: 6 * MILLION, offered: 2 * MILLION, synced: 2 * MILLION } },
    ],
  };
}

const payer = (row: PaymentRow, unit: number): [number, Contestant] => {
  const evidence = (n: number, d: number) => ({ counts: fraction(n, d), applicable: true });
  return [
    unit,
    {
      unit,
      baseline: {},
      evidence: {
        paid: evidence(row.dossiersPaidOnline, row.dossiersWithFinancialObligation),
        offered: evidence(row.proceduresPaidOnline, row.feeProcedures),
        synced: evidence(row.feeProceduresWithSyncedFee, row.feeProcedures),
      },
    },
  ];
};

whenThere('decision 766, online payment, Phú Thọ 2026', () => {
  const rows: PaymentRow[] = vectors('qd766-phutho-2026-online-payment')?.rows ?? [];
  const contestants = new Map(rows.map(payer));
  const units = rows.map((_, unit) => unit);
  const scores = (policy: 'zero' | 'exempt') => {
    const [standings] = standingsOf(paymentPlan(units, policy), contestants);
    return new Map(standings?.rows.map(({ unit, score }) => [unit, score.published / MILLION]));
  };

  it('policy zero gives the published score of every row, within 0,015', () => {
    expect(rows.length).toBeGreaterThan(20);
    const own = scores('zero');
    const off = rows.filter((row, unit) => Math.abs((own.get(unit) ?? -1) - row.publishedScore) > 0.015);
    expect(off).toEqual([]);
  });

  it('six departments get nothing for having no fee cases; exempt does not do that to them', () => {
    const empty = rows.flatMap((row, unit) =>
      row.level === 'PROVINCE' && row.dossiersWithFinancialObligation === 0 ? [unit] : [],
    );
    expect(empty).toHaveLength(6);
    const trials = trialsOf(paymentPlan(units, 'zero'), contestants, 'no-cases', ['paid']);
    const exempt = trials
      .find(({ policy }) => policy === 'exempt')
      ?.rows.filter(({ unit }) => empty.includes(unit));
    // What is left of the ten points is scored on what they do have: the procedures they offer.
    expect(exempt?.every(({ scoreMoves, decided }) => scoreMoves >= 0 && decided >= 1)).toBe(true);
    const raised = trials
      .find(({ policy }) => policy === 'full')
      ?.rows.filter(({ scoreMoves }) => scoreMoves > 0);
    expect(raised?.map(({ unit }) => unit).toSorted((a, b) => a - b)).toEqual(
      rows.flatMap((row, unit) => (row.dossiersWithFinancialObligation === 0 ? [unit] : [])),
    );
  });
});

whenThere('figures of the seed documents', () => {
  interface Seed {
    id: string;
    reproducible: string;
    kind: string;
    printed: string;
    decimals?: number;
    formula: string;
    inputs: { numerator: number; denominator: number; value: number; series: string[]; target: number };
    value: { points: string; word: string }[];
    synthetic_fixture?: { numerator: number; denominator: number };
  }
  const seeds: Seed[] = vectors('seeds')?.vectors ?? [];
  const words = { up: 'tăng lên', down: 'giảm xuống còn', same: 'giữ nguyên' };

  it('prints every percentage whose counts are known', () => {
    const percentages = seeds.filter(({ kind }) => kind === 'percent');
    expect(percentages.length).toBeGreaterThan(30);
    for (const { inputs, synthetic_fixture: fixture, decimals, printed: expected } of percentages) {
      const { numerator, denominator } = inputs ?? fixture ?? {};
      if (numerator === undefined || denominator === undefined) continue;
      const text = printed(percentOf(fraction(numerator, denominator), decimals ?? 0) ?? '');
      expect(`${text}%`).toBe(expected.match(/[\d.,]+%/)?.[0]);
    }
  });

  it('prints every number and every trend', () => {
    const numbers = seeds.filter(({ kind }) => kind === 'number_format');
    for (const { inputs, printed: expected } of numbers) expect(printed(String(inputs.value))).toBe(expected);
    for (const { inputs, value } of seeds.filter(({ kind }) => kind === 'trend'))
      expect(trendsOf(inputs.series).map(({ points, direction }) => [points, words[direction]])).toEqual(
        value.map(({ points, word }) => [points, word]),
      );
  });

  it('reproduces every other entry of class exact: counts, days, periods, points, targets', () => {
    const rest = (vectors('seeds')?.vectors ?? []) as ExactSeed[];
    const exact = rest.filter(
      ({ kind, reproducible }) =>
        reproducible === 'exact' && !['percent', 'number_format', 'trend', 'fraction'].includes(kind),
    );
    expect(exact).toHaveLength(16);
    for (const seed of exact) expect([seed.id, shownBy(seed)]).toEqual([seed.id, true]);
  });

  it('gives every fraction as 100 %', () => {
    for (const { inputs } of seeds.filter(
      ({ kind, reproducible }) => kind === 'fraction' && reproducible === 'exact',
    ))
      expect(quotientOf(fraction(inputs.numerator * 100, inputs.denominator), 0)).toBe('100');
  });
});

interface ExactSeed {
  readonly id: string;
  readonly reproducible: string;
  readonly kind: string;
  readonly printed: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

/** Does the product give what the document prints? By kind of entry. */
function shownBy({ kind, printed: text, inputs, value }: ExactSeed): boolean {
  const [day, number] = [(name: string) => String(inputs[name]), (name: string) => Number(inputs[name])];
  const derived = (name: string) => (value as Record<string, unknown>)[name];
  const prints = (figure: unknown) => text.includes(printed(String(figure)));
  if (kind === 'days') return inclusiveDays(day('start'), day('end')) === value && prints(value);
  if (kind === 'date_range') return inclusiveDays(day('start'), day('end')) === derived('inclusive_days');
  if (kind === 'date')
    return numberOfDay(day('draw')) - numberOfDay(day('promotion_end')) === derived('days_after_end');
  if (kind === 'period')
    return halfYear(number('year'), number('half')).join() === [derived('from'), derived('to')].join();
  if (kind === 'score') {
    const rate = fraction(Math.round(number('points') * 100), number('maximum') * 100);
    return percentOf(rate, 1) === String(derived('percent_derived')) && prints(inputs['points']);
  }
  if (kind === 'target') {
    const target = { value: fraction(number('target'), 100), operator: '>=', dueOn: 0 } as const;
    const met = (name: string) => meets(target, fraction(Math.round(number(name) * 100), 10_000));
    return met('actual_prov') === derived('prov_met') && met('actual_dist') === derived('dist_met');
  }
  const all = Object.values(inputs).flat();
  const counts = all.filter((one): one is number => typeof one === 'number');
  const sum = counts.length > 0 ? pooled(counts.map((n) => fraction(n, n))).numerator : all.length;
  if (typeof value === 'number') return sum === value;
  if (derived('average_derived') !== undefined)
    return (
      counts.every(prints) &&
      quotientOf(fraction(counts[1] ?? 0, counts[0] ?? 0), 0) === String(derived('average_derived'))
    );
  const resolved = derived('resolved');
  const share = resolved === undefined ? null : percentOf(fraction(Number(resolved), sum), 2);
  return (
    sum === derived('total_derived') &&
    counts.every(prints) &&
    (share === null || share === String(derived('resolved_share_derived_percent')))
  );
}

/** The days of a half year, from the calendar of days alone: the second begins after 181 or 182 days of the first. */
function halfYear(year: number, half: number): string[] {
  const middle = addDays(`${year + 1}-01-01`, -184);
  return half === 1 ? [`${year}-01-01`, addDays(middle, -1)] : [middle, `${year}-12-31`];
}

whenThere('delta ranking of NITI Aayog, June 2018', () => {
  interface District {
    district: string;
    delta: number;
    deltaRank: number;
  }
  it('orders the districts as published; equal deltas share a place here', () => {
    const rows: District[] = vectors('niti-aayog-first-delta-ranking-2018')?.rows ?? [];
    const leading = rows.filter(({ deltaRank }) => deltaRank <= 17);
    const places = ranksOf(
      leading.map(({ delta }, unit) => ({ unit, score: Math.round(delta * 10), keys: [], ranked: true })),
    );
    const own = new Map(places.map(({ unit, rank }) => [unit, rank ?? 0]));
    // The file leaves out one district (place 5); everybody after it moves up by one. The two with 11,0 share theirs.
    const shared = new Map([['Visakhapatnam', -1]]);
    for (const [unit, { district, deltaRank }] of leading.entries())
      expect((own.get(unit) ?? 0) + (deltaRank > 5 ? 1 : 0)).toBe(deltaRank + (shared.get(district) ?? 0));
  });

  it('parts the two with 1,2 on hidden decimals; here they share the first of their two places', () => {
    const rows: District[] = vectors('niti-aayog-first-delta-ranking-2018')?.rows ?? [];
    const last = rows.filter(({ deltaRank }) => deltaRank >= 104);
    const places = ranksOf(
      last.map(({ delta }, unit) => ({ unit, score: Math.round(delta * 10), keys: [], ranked: true })),
    );
    expect(last.map(({ deltaRank }) => deltaRank)).toEqual([104, 105, 106, 107, 108]);
    expect(places.map(({ rank }) => (rank ?? 0) + 103)).toEqual([104, 105, 105, 107, 108]);
  });
});

whenThere('Wilson’s interval, all cases', () => {
  it('within a hundred-thousandth', () => {
    for (const { successes, total, lower, upper } of vectors('wilson-interval-95')?.cases ?? []) {
      const { low, high } = wilson(fraction(successes, total));
      expect(Math.abs(low / MILLION - lower)).toBeLessThan(1e-5);
      expect(Math.abs(high / MILLION - upper)).toBeLessThan(1e-5);
      expect(compare(fraction(low, MILLION), fraction(high, MILLION))).toBe(-1);
    }
  });
});

whenThere('ranks of scipy’s rankdata', () => {
  const file = vectors('ranking-ties') as {
    input: number[];
    min_standard_competition_1224: number[];
    dense_1223: number[];
    missing: { input: (number | null)[]; omit: (number | null)[] };
  } | null;
  /** It ranks upwards, we rank downwards: the signs are turned. */
  const ranks = (values: readonly (number | null)[], ranking?: 'dense') => {
    const rows = values.map((value, unit) => ({
      unit,
      score: value === null ? 0 : -value,
      keys: [],
      ranked: value !== null,
    }));
    const places = new Map(ranksOf(rows, ranking).map(({ unit, rank }) => [unit, rank]));
    return values.map((_, unit) => places.get(unit) ?? null);
  };

  it('are ours: the smallest of the tied, dense, and none for who is missing', () => {
    expect(ranks(file?.input ?? [])).toEqual(file?.min_standard_competition_1224);
    expect(ranks(file?.input ?? [], 'dense')).toEqual(file?.dense_1223);
    // Of two tied it gives the mean place; there are none here, so places are whole.
    expect(ranks(file?.missing.input ?? [])).toEqual(file?.missing.omit);
  });
});

whenThere('shrinkage of the published example (ebbr), all cases', () => {
  interface Case {
    x: number;
    n: number;
    shrunken: number;
  }
  it('within the tolerance of the file', () => {
    const { prior, cases, tolerance } = vectors('empirical-bayes-beta-binomial') as {
      prior: { alpha: number; beta: number };
      cases: Case[];
      tolerance: number;
    };
    expect(cases).toHaveLength(10);
    const [alpha, beta] = [prior.alpha, prior.beta].map((one) => Math.round(one * MILLION)) as [
      number,
      number,
    ];
    for (const { x, n, shrunken } of cases) {
      const own = Number(quotientOf(posterior(fraction(x, n), alpha, beta), 8));
      expect(Math.abs(own - shrunken)).toBeLessThanOrEqual(tolerance);
    }
  });
});

whenThere('the order of a contest’s states (ICPC)', () => {
  it('is ours in both of its lines, whatever comes first of thaw and finalise', () => {
    const { stateOrder, tieExample } = vectors('icpc-ccs-scoreboard') as {
      stateOrder: string;
      tieExample: { ranks: number[] };
    };
    const lines = stateOrder.split(' and ').map((line) => line.split(' < '));
    expect(lines).toEqual([
      ['started', 'frozen', 'ended', 'thawed', 'end_of_updates'],
      ['ended', 'finalized', 'end_of_updates'],
    ]);
    const day = (n: number) => new Date(Date.UTC(2022, 7, n));
    const nothing: BoardTimes = { started: null, frozen: null, ended: null, thawed: null, finalised: null };
    const known = {
      started: 'started',
      frozen: 'frozen',
      ended: 'ended',
      thawed: 'thawed',
      finalized: 'finalised',
    };
    const after = lines.map((line) => {
      let times = nothing;
      return line.flatMap((name, at) => {
        const field = known[name as keyof typeof known];
        if (!field) return [];
        times = {
          ...times,
          ...(name === 'ended' && !times.started ? { started: day(0) } : {}),
          [field]: day(at + 1),
        };
        return [boardState(times, day(at + 2))];
      });
    });
    expect(after).toEqual([
      ['running', 'frozen', 'frozen', 'thawed'],
      ['ended', 'final'],
    ]);
    const teams = [...Array.from({ length: 16 }, (_, n) => 100 - n), 50, 50, 50, 50, 49];
    const places = ranksOf(teams.map((score, unit) => ({ unit, score, keys: [], ranked: true })));
    expect(places.slice(16).map(({ rank }) => rank)).toEqual(tieExample.ranks);
  });
});

whenThere('reporting rates of DHIS2', () => {
  it('are ours: never above 100, nothing came is 0, nothing expected is nothing', () => {
    interface Case {
      actual?: number | null;
      expected?: number;
      expectedPerPeriod?: number | null;
      expectedReports?: number | string;
      periodsInFilter?: number;
      ratePercent?: number | null;
    }
    const cases: Case[] = vectors('dhis2-reporting-rate')?.cases ?? [];
    const rated = cases.filter(({ ratePercent }) => ratePercent !== undefined);
    expect(rated).toHaveLength(4);
    for (const { actual, expected, expectedPerPeriod, periodsInFilter = 1, ratePercent } of rated) {
      const due =
        expected ?? (typeof expectedPerPeriod === 'number' ? expectedPerPeriod * periodsInFilter : null);
      const rate = reportingRate(actual ?? 0, due, 2);
      expect(rate === null ? null : Number(rate)).toBe(ratePercent);
    }
    // Monthly, open from February to July: 12 - 1 - 5.
    const months = Array.from({ length: 12 }, (_, at) => at + 1);
    expect(cases.at(-1)?.expectedReports).toBe(`12 - 1 - 5 = ${expectedOf(months, { from: 2, until: 8 })}`);
  });
});

whenThere('a merge of organisation units in DHIS2', () => {
  it('loses two of four values there; here counts add, 21 and 25', () => {
    const { input } = vectors('dhis2-org-unit-merge') as { input: { dataElement: string; value: number }[] };
    const sum = (element: string) =>
      upTheTree(
        'flow',
        input.flatMap(({ dataElement, value }) => (dataElement === element ? [fraction(value, value)] : [])),
      )?.numerator;
    expect([sum('deA'), sum('deB')]).toEqual([21, 25]);
  });
});

whenThere('natural process limits of the NHS (XmR)', () => {
  it('screened and not, within a millionth', () => {
    const scale = 100_000_000;
    const file = vectors('nhs-spc-xmr') as {
      input: number[];
      expected: { mean: number; lpl: number; upl: number };
      withValue15SetTo10: Record<'screened' | 'unscreened', { mean: number; lpl: number; upl: number }>;
    };
    const series = file.input.map((value) => Math.round(value * scale));
    const wild = series.with(14, 10 * scale);
    for (const [own, expected] of [
      [limitsOf(series), file.expected],
      [behaviourOf(series.map((value, day) => ({ day, value })))?.course[0], file.expected],
      [limitsOf(wild), file.withValue15SetTo10.screened],
      [limitsOf(wild, false), file.withValue15SetTo10.unscreened],
    ] as const)
      for (const [got, wanted] of [
        [own?.mean, expected.mean],
        [own?.lower, expected.lpl],
        [own?.upper, expected.upl],
      ] as const)
        expect(Math.abs((got ?? 0) / scale - wanted)).toBeLessThan(2e-6);
  });
});
