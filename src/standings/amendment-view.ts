import { decimalOf } from '../rules/scoring/decimal.js';
import type { Difference } from '../rules/scoring/difference.js';
import { decimal, named, tableOf, worded, type Table } from '../platform/tables/table.js';
import type { AmendmentPreview } from './amendment.service.js';

const FAR = Number.MAX_SAFE_INTEGER;

/** Every score and place of each group, old and new; who moves comes first. */
export function amendedGroups({ cut, differences }: AmendmentPreview) {
  return cut.contest.groups.flatMap((group) => {
    const rows = differences.filter((one) => one.group === group.code).map((one) => rowOf(cut, one));
    const moved = rows.filter(({ moves }) => moves);
    const order = rows.toSorted(
      (a, b) => Number(b.moves) - Number(a.moves) || (a.after?.rank ?? FAR) - (b.after?.rank ?? FAR),
    );
    return rows.length > 0
      ? [
          {
            ...group,
            rows: order,
            moved: moved.length,
            places: moved.filter(({ change }) => change.size > 0).length,
          },
        ]
      : [];
  });
}

function rowOf({ contest }: AmendmentPreview['cut'], { unit, before, after }: Difference) {
  const points = (value: number) => decimalOf(value, contest.plan.decimals);
  const places = before?.rank && after?.rank ? before.rank - after.rank : 0;
  const total = before && after ? after.published - before.published : 0;
  return {
    code: contest.units.get(unit)?.code ?? '',
    name: contest.units.get(unit)?.name ?? '',
    before: before && { rank: before.rank, score: points(before.published) },
    after: after && { rank: after.rank, score: points(after.published) },
    total: points(total),
    moves: total !== 0 || before?.rank !== after?.rank,
    change: { direction: places > 0 ? 'up' : places < 0 ? 'down' : 'same', size: Math.abs(places) },
  };
}

/** The scores and places an amendment moves, as a table. */
export const amendedScores = (preview: AmendmentPreview): Table =>
  tableOf(
    `amendment-scores-${preview.campaign.slug}-${preview.rules.number}`,
    amendedGroups(preview).flatMap(({ rows, ...group }) => rows.map((row) => ({ ...row, group }))),
    {
      group: (row) => named(row.group),
      unit_code: (row) => row.code,
      unit: (row) => row.name,
      score_before: (row) => decimal(row.before?.score),
      score_after: (row) => decimal(row.after?.score),
      score_change: (row) => decimal(row.total),
      place_before: (row) => row.before?.rank,
      place_after: (row) => row.after?.rank,
    },
  );

/** What an amendment changes in the plan, as a table; values as the plan keeps them. */
export const amendedRules = ({ campaign, rules, cut, changes }: AmendmentPreview): Table =>
  tableOf(`amendment-changes-${campaign.slug}-${rules.number}`, changes, {
    indicator: (change) => named(change),
    changed: (change) => worded(change.what, 'standings.amendment.changed'),
    group: (change) => named(cut.contest.groups.find(({ code }) => code === change.group)),
    value_before: (change) => change.from,
    value_after: (change) => change.to,
  });
