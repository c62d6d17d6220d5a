import { decimalOf } from '../rules/scoring/decimal.js';
import { CAUSES, type Difference } from '../rules/scoring/difference.js';
import { decimal, type Column, type Table } from '../platform/tables/table.js';
import type { BoardQuery } from './board.pages.js';
import type { Compared, Comparisons, Side } from './comparison.service.js';
import type { Sight } from './sight.service.js';

export interface CompareQuery extends BoardQuery {
  readonly from?: string;
  readonly to?: string;
}

const WEEK = 7;

/** Two moments of a campaign side by side, as they were asked for: one group, who moved and why. */
export async function comparisonView(comparisons: Comparisons, sight: Sight, query: CompareQuery) {
  const to = comparisons.sideOf(sight, query.to, comparisons.sideOf(sight, 'now', NO_SIDE));
  const from = comparisons.sideOf(sight, query.from, earlier(sight, comparisons));
  const compared = await comparisons.compare(sight, from, to);
  const groups = sight.cut.contest.groups.filter(({ code }) =>
    compared.differences.some((one) => one.group === code),
  );
  const group = groups.find(({ code }) => code === query.group) ?? groups[0];
  const asked = { from: valueOf(from), to: valueOf(to, sight) };
  return { from, to, asked, groups, group, rows: rowsOf(compared, group?.code ?? '') };
}

export type ComparisonView = Awaited<ReturnType<typeof comparisonView>>;

const NO_SIDE: Side = { on: '', knownAt: null, rulesVersionId: null, treeOn: null, publication: null };

/** The last published standings, else a week ago. */
function earlier(sight: Sight, comparisons: Comparisons): Side {
  const [last] = sight.publications;
  if (last) return comparisons.sideOf(sight, `#${last.number}`, NO_SIDE);
  const day = new Date(Date.parse(sight.lastOn) - WEEK * 86_400_000).toISOString().slice(0, 10);
  return comparisons.sideOf(sight, day, NO_SIDE);
}

const valueOf = ({ publication, on }: Side, sight?: Sight) =>
  publication !== null ? `#${publication}` : sight && on === sight.lastOn ? 'now' : on;

function rowsOf({ cut, differences }: Compared, group: string) {
  const { decimals } = cut.contest.plan;
  const points = (value: number) => decimalOf(value, decimals);
  return differences
    .filter((one) => one.group === group)
    .toSorted((a, b) => (a.after?.rank ?? FAR) - (b.after?.rank ?? FAR))
    .map((one) => ({
      code: cut.contest.units.get(one.unit)?.code ?? '',
      name: cut.contest.units.get(one.unit)?.name ?? '',
      href: `/campaigns/${cut.contest.slug}/units/${one.unit}`,
      before: one.before && { rank: one.before.rank, score: points(one.before.published) },
      after: one.after && { rank: one.after.rank, score: points(one.after.published) },
      total: one.before && one.after ? points(one.after.published - one.before.published) : null,
      change: changeOf(one),
      moves: one.moves.map(({ cause, points: moved, places }) => ({
        cause,
        points: moved === 0 ? null : points(moved),
        places: places === 0 ? null : places,
      })),
    }));
}

const FAR = Number.MAX_SAFE_INTEGER;

function changeOf({ before, after }: Difference) {
  if (!before?.rank || !after?.rank) return { direction: 'new', size: 0 };
  const places = before.rank - after.rank;
  return { direction: places > 0 ? 'up' : places < 0 ? 'down' : 'same', size: Math.abs(places) };
}

/** The comparison as a table: of every cause its points and places. */
export const comparisonTable = (slug: string, { asked, group, rows }: ComparisonView): Table => ({
  name: ['comparison', slug, group?.code, asked.from, asked.to].filter(Boolean).join('-'),
  columns: [
    'unit_code',
    'unit',
    'score_before',
    'place_before',
    'score_after',
    'place_after',
    'score_change',
    ...CAUSES.flatMap((cause) => [byCause('points', cause), byCause('places', cause)]),
  ],
  rows: rows.map(({ code, name, before, after, total, moves }) => [
    code,
    name,
    decimal(before?.score),
    before?.rank,
    decimal(after?.score),
    after?.rank,
    decimal(total),
    ...moves.flatMap(({ points, places }) => [decimal(points ?? '0'), places ?? 0]),
  ]),
});

const byCause = (what: string, cause: string): Column => ({
  name: `${what}_${cause.replaceAll('-', '_')}`,
  title: (words) => `${words(`standings.cause.${cause}`)}: ${words(`tables.column.${what}`)}`,
});
