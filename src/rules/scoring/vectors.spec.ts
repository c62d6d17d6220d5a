import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentOf, printed, quotientOf } from './decimal.js';
import { compare, fraction, MILLION } from './fraction.js';
import type { Indicator, Plan } from './plan.js';
import { ranksOf } from './rank.js';
import { trialsOf } from './simulate.js';
import { standingsOf, type Contestant } from './standings.js';
import { DEFAULT_POLICIES } from './treatment.js';
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

  it('gives every fraction as 100 %', () => {
    for (const { inputs } of seeds.filter(
      ({ kind, reproducible }) => kind === 'fraction' && reproducible === 'exact',
    ))
      expect(quotientOf(fraction(inputs.numerator * 100, inputs.denominator), 0)).toBe('100');
  });
});

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
