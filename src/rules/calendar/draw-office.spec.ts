import * as fc from 'fast-check';
import {
  DRAW_ACTS,
  DRAW_STATES,
  type DrawAct,
  type DrawFacts,
  isDone,
  missing,
  nextActs,
  stateOf,
} from './draw-office.js';
import { budgetShare, dayAfter, dueState, parameterOn, prizeTax } from './due.js';

const now = new Date('2023-06-01T02:00:00Z');
const actor = { officerId: 1, organisationId: 1 };
const sound: DrawFacts = {
  state: 'planned',
  now,
  closesAt: new Date('2023-03-31T17:00:00Z'),
  prizes: 8,
  sources: [{ kind: 'witness' }],
  beaconMargin: 600,
  objectionsCloseAt: new Date('2023-05-31T00:00:00Z'),
  objectionsUndecided: 0,
  entries: 5,
  equationHolds: true,
  importsUnderWay: 0,
  frozenBy: { officerId: 9, organisationId: 9 },
  witnessesWanted: 2,
  cosigned: [],
  strikesUndecided: 0,
  sourcesRecorded: 0,
  recomputation: 'agrees',
  certified: [],
};
const codes = (act: DrawAct, facts: Partial<DrawFacts>, by = actor) =>
  missing(act, { ...sound, ...facts }, by).map(({ code }) => code);

describe('the states of a draw', () => {
  it('lead from one to the next and never back', () => {
    const reached = DRAW_STATES.slice(1).map((state) =>
      Object.entries(DRAW_ACTS).find(([, rule]) => 'reaches' in rule && rule.reaches === state),
    );
    expect(reached.every(Boolean)).toBe(true);
    for (const rule of Object.values(DRAW_ACTS)) {
      if (!('reaches' in rule) || rule.reaches === 'void') continue;
      const to = DRAW_STATES.indexOf(rule.reaches);
      for (const from of rule.from) expect(DRAW_STATES.indexOf(from)).toBeLessThanOrEqual(to);
    }
  });

  it('are the furthest act written, whatever the order they are read in', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), (n) => {
        const acts = DRAW_STATES.slice(0, n + 1);
        expect(stateOf(new Set(acts.toReversed()))).toBe(DRAW_STATES[n]);
        expect(stateOf(new Set([...acts, 'void']))).toBe('void');
      }),
    );
  });

  it('allow each act in its own states only, and say which one is missing or past', () => {
    expect(codes('freeze', { state: 'planned' })).toEqual(['not-objections-open']);
    expect(codes('draw', { state: 'witnessed' })).toEqual(['not-sources-complete']);
    expect(codes('freeze', { state: 'drawn' })).toEqual(['already-drawn']);
    expect(codes('publish', { state: 'void' })).toEqual(['is-void']);
  });

  it('offer nothing after publication but to void', () => {
    expect(nextActs('published')).toEqual([]);
    expect(nextActs('void')).toEqual([]);
    expect(codes('void', { state: 'published' })).toEqual([]);
    expect(codes('void', { state: 'void' })).toEqual(['is-void']);
  });

  it('know an act that was done before', () => {
    expect(isDone('freeze', 'frozen')).toBe(true);
    expect(isDone('freeze', 'published')).toBe(true);
    expect(isDone('freeze', 'objections-open')).toBe(false);
    expect(isDone('cosign', 'witnessed')).toBe(false);
    expect(isDone('strike', 'drawn')).toBe(false);
    expect(isDone('void', 'void')).toBe(true);
    expect(isDone('draw', 'void')).toBe(false);
  });
});

describe('what is missing', () => {
  it('is named in full before the list is closed', () => {
    expect(
      codes('freeze', {
        state: 'objections-open',
        now: new Date('2023-03-31T16:59:59Z'),
        objectionsUndecided: 2,
        entries: 0,
        equationHolds: false,
        importsUnderWay: 1,
      }),
    ).toEqual([
      'period-open',
      'objections-running',
      'objections-undecided',
      'imports-under-way',
      'no-entries',
      'equation-broken',
    ]);
    expect(codes('freeze', { state: 'objections-open' })).toEqual([]);
  });

  it('refuses sealed secrets as the only source', () => {
    expect(codes('publish-rules', { sources: [{ kind: 'commitment' }] })).toEqual(['no-public-source']);
  });

  it('refuses a beacon round that is past or within the margin, from publication to the last witness', () => {
    const at = (seconds: number) => ({
      sources: [{ kind: 'drand' as const, speaksAt: new Date(now.getTime() + seconds * 1000) }],
    });
    expect(codes('publish-rules', at(600))).toEqual(['beacon-too-early']);
    expect(codes('publish-rules', at(601))).toEqual([]);
    expect(codes('freeze', { state: 'objections-open', ...at(-1) })).toEqual(['beacon-too-early']);
    expect(codes('cosign', { state: 'frozen', ...at(600) })).toEqual(['beacon-passed']);
  });

  it('lets nobody witness the list of the own organisation, nor one organisation count twice', () => {
    expect(codes('cosign', { state: 'frozen' }, { officerId: 2, organisationId: 9 })).toEqual([
      'own-organisation',
    ]);
    expect(codes('cosign', { state: 'frozen', cosigned: [{ officerId: 3, organisationId: 1 }] })).toEqual([
      'organisation-cosigned',
    ]);
  });

  it('closes strikes as soon as a source has spoken, recorded or not', () => {
    expect(codes('strike', { state: 'witnessed', sourcesRecorded: 1 })).toEqual(['sources-begun']);
    expect(codes('strike', { state: 'witnessed', sources: [{ kind: 'drand', speaksAt: now }] })).toEqual([
      'beacon-spoke',
    ]);
    expect(codes('strike', { state: 'witnessed' })).toEqual([]);
  });

  it('asks for an independent computation and for officers of two organisations', () => {
    expect(codes('certify', { state: 'drawn', recomputation: 'none' })).toEqual(['not-recomputed']);
    expect(codes('certify', { state: 'drawn', recomputation: 'differs' })).toEqual(['recomputation-differs']);
    expect(codes('certify', { state: 'drawn', certified: [{ officerId: 2, organisationId: 1 }] })).toEqual([
      'organisation-certified',
    ]);
    expect(codes('certify', { state: 'drawn', certified: [{ officerId: 1, organisationId: 4 }] })).toEqual([
      'officer-certified',
    ]);
  });
});

describe('dated figures', () => {
  const threshold = [
    { name: 'tax-threshold', value: 20_000_000, validFrom: '2026-07-01', basis: 'new' },
    { name: 'tax-threshold', value: 10_000_000, validFrom: '2009-01-01', basis: 'old' },
  ];
  const tax = (day: string) => prizeTax(55_000_000, parameterOn(threshold, 'tax-threshold', day).value, 10);

  it('tax the motorbike by the day of the win', () => {
    expect(tax('2023-06-01')).toBe(4_500_000);
    expect(tax('2026-06-30')).toBe(4_500_000);
    expect(tax('2026-07-01')).toBe(3_500_000);
  });

  it('tax nothing up to the threshold and are never guessed', () => {
    expect(prizeTax(10_000_000, 10_000_000, 10)).toBe(0);
    expect(prizeTax(10_000_019, 10_000_000, 10)).toBe(1);
    expect(() => parameterOn(threshold, 'tax-threshold', '2008-12-31')).toThrow(RangeError);
  });

  it('give half of what nobody claimed to the budget', () => {
    expect(budgetShare(55_000_000, 50)).toBe(27_500_000);
    expect(budgetShare(1, 50)).toBe(1);
  });

  it('count days and warn in the last week', () => {
    expect(dayAfter('2023-03-31', 45)).toBe('2023-05-15');
    expect(dueState('2023-05-15', '2023-05-07', false)).toBe('ahead');
    expect(dueState('2023-05-15', '2023-05-08', false)).toBe('soon');
    expect(dueState('2023-05-15', '2023-05-16', false)).toBe('overdue');
    expect(dueState('2023-05-15', '2023-06-01', true)).toBe('done');
  });
});
