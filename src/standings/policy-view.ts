import { decimalOf } from '../rules/scoring/decimal.js';
import type { Plan } from '../rules/scoring/plan.js';
import { trialsOf, type Trial } from '../rules/scoring/simulate.js';
import type { Contestant } from '../rules/scoring/standings.js';
import { EMPTY_STATES, type EmptyState } from '../rules/scoring/treatment.js';
import { linkOf, paged } from '../platform/http/paged.js';
import { decimal, type Column, type Table } from '../platform/tables/table.js';
import type { Contest } from './contest.js';
import type { Sight } from './sight.service.js';

/** What policies are tried on: a plan and the figures of everybody in it. */
export interface Ground {
  readonly contest: Contest;
  readonly plan: Plan;
  readonly contestant: (unit: number) => Contestant;
}

export interface PolicyQuery {
  readonly state?: string;
  readonly group?: string;
  readonly page?: string;
}

/** The plan and the figures that a reader sees. */
export const groundOf = ({ cut, day }: Sight): Ground => ({
  contest: cut.contest,
  plan: cut.planOn(day),
  contestant: (unit) => cut.contestant(unit, day),
});

/**
 * Every unit of one group under every way to treat one empty state: the one asked for, else the first that occurs. `kept`
 * stays in the links from table to table.
 */
export function policyView(ground: Ground, query: PolicyQuery, kept: Record<string, string> = {}) {
  const { contest, plan } = ground;
  const groups = contest.groups.filter(({ code }) =>
    plan.groups.some((one) => one.code === code && one.units.length > 0),
  );
  const group = groups.find(({ code }) => code === query.group) ?? groups[0];
  const tried = (one: EmptyState) => trialsIn(ground, group?.code ?? '', one);
  const asked = EMPTY_STATES.find((one) => one === query.state);
  const state = asked ?? EMPTY_STATES.find((one) => decidesAnything(tried(one))) ?? 'no-cases';
  const trials = tried(state);
  const link = (change: Record<string, string>) =>
    `?${new URLSearchParams({ ...kept, state, group: group?.code ?? '', ...change }).toString()}`;
  return {
    chosen: state,
    group,
    question: new URLSearchParams({ ...kept, state, group: group?.code ?? '' }).toString(),
    states: EMPTY_STATES.map((one) => ({ state: one, href: link({ state: one }), current: one === state })),
    groups: groups.map((one) => ({ ...one, href: link({ group: one.code }), current: one === group })),
    inForce: contest.indicators.map(({ nameVi, nameEn, rule }) => ({
      nameVi,
      nameEn,
      policy: rule.policies[state],
    })),
    trials: trials.map(({ policy, rows }) => ({
      policy,
      gain: rows.filter(({ scoreMoves }) => scoreMoves > 0).length,
      lose: rows.filter(({ scoreMoves }) => scoreMoves < 0).length,
    })),
    touched: trials[0]?.rows.some(({ decided }) => decided > 0) ?? false,
    rows: rowsOf(contest, trials),
  };
}

/** The same, a page of its units at a time. */
export function pagedTrials(view: PolicyView, { page }: PolicyQuery, kept: Record<string, string> = {}) {
  const link = linkOf({ ...kept, state: view.chosen, group: view.group?.code });
  const { shown, pages } = paged(view.rows, page, link);
  return { ...view, rows: shown, pages };
}

function trialsIn({ plan: all, contestant }: Ground, group: string, state: EmptyState): Trial[] {
  const plan = { ...all, groups: all.groups.filter(({ code }) => code === group) };
  const units = plan.groups.flatMap(({ units: members }) => members);
  return trialsOf(plan, new Map(units.map((unit) => [unit, contestant(unit)])), state);
}

const decidesAnything = ([first]: readonly Trial[]) =>
  first?.rows.some(({ decided }) => decided > 0) ?? false;

/** One row per unit: who has such cells at all comes first, then by what is at stake for it. */
function rowsOf({ plan: { decimals }, units }: Contest, trials: readonly Trial[]) {
  const [first] = trials;
  const stake = (unit: number) =>
    Math.max(...trials.map(({ rows }) => Math.abs(rows.find((row) => row.unit === unit)?.scoreMoves ?? 0)));
  return (first?.rows ?? [])
    .toSorted((a, b) => b.decided - a.decided || stake(b.unit) - stake(a.unit))
    .map(({ unit, decided }) => ({
      unit,
      code: units.get(unit)?.code ?? '',
      name: units.get(unit)?.name ?? '',
      decided,
      results: trials.map(({ rows }) => {
        const row = rows.find((one) => one.unit === unit);
        const moves = row?.scoreMoves ?? 0;
        return {
          score: decimalOf(row?.published ?? 0, decimals),
          rank: row?.rank ?? null,
          moves: moves === 0 ? null : decimalOf(moves, decimals),
          direction: moves > 0 ? 'up' : 'down',
        };
      }),
    }));
}

/** The trials as a table: of every policy score, what it moves, and place. */
export const policyTable = (slug: string, { chosen, group, trials, rows }: PolicyView): Table => ({
  name: ['policies', slug, group?.code, chosen].filter(Boolean).join('-'),
  columns: [
    'unit_code',
    'unit',
    'decided',
    ...trials.flatMap(({ policy }) =>
      ['score', 'score_change', 'place'].map((what) => byPolicy(what, policy)),
    ),
  ],
  rows: rows.map(({ code, name, decided, results }) => [
    code,
    name,
    decided,
    ...results.flatMap(({ score, moves, rank }) => [decimal(score), decimal(moves ?? '0'), rank]),
  ]),
});

type PolicyView = ReturnType<typeof policyView>;

const byPolicy = (what: string, policy: string): Column => ({
  name: `${what}_${policy}`,
  title: (words) => `${words(`standings.policy.${policy}`)}: ${words(`tables.column.${what}`)}`,
});
