import { decimalOf } from '../rules/scoring/decimal.js';
import { decimal, type Table } from '../platform/tables/table.js';
import { dayTextOf } from './board-view.js';
import type { Sight } from './sight.service.js';

export function groupsFor({ cut: { contest } }: Sight, wanted: string | undefined) {
  const groups = contest.groups.filter(({ code }) =>
    contest.plan.groups.some((one) => one.code === code && one.units.length > 0),
  );
  const group = groups.find(({ code }) => code === wanted) ?? groups[0];
  return {
    group,
    groups: groups.map((one) => ({ ...one, href: `?group=${one.code}`, current: one === group })),
  };
}

/** Scores and places of each unit over the days, best at the end first. */
export function lanesOf({ cut, day }: Sight, group: string) {
  const { scores, ranks } = cut.history();
  const members = cut.planOn(day).groups.find(({ code }) => code === group)?.units ?? [];
  const { decimals } = cut.contest.plan;
  return members
    .map((unit) => {
      const row = cut.cube.rowOf(unit);
      const at = Array.from({ length: day + 1 }, (_, on) => on * cut.cube.rows + row);
      const own = at.map((index) => scores[index] ?? -1);
      return {
        unit,
        code: cut.contest.units.get(unit)?.code ?? '',
        name: cut.contest.units.get(unit)?.name ?? '',
        href: `/campaigns/${cut.contest.slug}/units/${unit}`,
        scores: own.map((score) => (score < 0 ? null : decimalOf(score, decimals))),
        places: at.map((index) => ranks[index] || null),
        last: ranks[at.at(-1) ?? 0] || null,
      };
    })
    .toSorted((a, b) => (a.last ?? 9_999) - (b.last ?? 9_999));
}

/** The whole drive as a table: score and place of each unit of a group, or of one unit, on each day. */
export function replayTable(sight: Sight, wanted: { group?: string; unit?: string }): Table {
  const slug = sight.cut.contest.slug;
  const group = wanted.unit ? groupWith(sight, wanted.unit) : groupsFor(sight, wanted.group).group?.code;
  const lanes = lanesOf(sight, group ?? '').filter(
    ({ unit }) => !wanted.unit || String(unit) === wanted.unit,
  );
  return {
    name: ['replay', slug, group, wanted.unit].filter(Boolean).join('-'),
    columns: ['day', 'group', 'unit_code', 'unit', 'score', 'place'],
    rows: lanes.flatMap(({ code, name, scores, places }) =>
      scores.map((score, on) => [
        dayTextOf(sight.cut, on),
        group,
        code,
        name,
        decimal(score),
        places[on] ?? null,
      ]),
    ),
  };
}

const groupWith = ({ cut, day }: Sight, unit: string): string | undefined =>
  cut.planOn(day).groups.find(({ units }) => units.includes(Number(unit)))?.code;
