import { decimalOf } from '../rules/scoring/decimal.js';
import { evennessOf } from '../rules/scoring/evenness.js';
import { rateText } from '../rules/scoring/explanation.js';
import { compare, type Fraction } from '../rules/scoring/fraction.js';
import { decimal, tableOf, worded, type Table } from '../platform/tables/table.js';
import { cellOf } from './board-view.js';
import { partsOf, type ContestIndicator } from './contest.js';
import type { Sight } from './sight.service.js';

export const groupsWith = ({ cut: { contest } }: Sight, code: string) =>
  contest.groups.filter((group) =>
    contest.plan.groups.some(
      (one) => one.code === group.code && one.units.length > 0 && (one.weights[code] ?? 0) > 0,
    ),
  );

export function indicatorRows({ cut, day, on, lastOn }: Sight, indicator: ContestIndicator, group: string) {
  const standings = cut.standings(day).find((one) => one.group === group);
  const rows = (standings?.rows ?? []).flatMap((row) => {
    const part = row.score.parts.find((one) => one.indicator === indicator.code);
    return part ? [{ unit: row.unit, part, cell: cellOf(cut, row.unit, day, part) }] : [];
  });
  const better = indicator.rule.direction === 'higher' ? -1 : 1;
  const order = (a: Fraction | null, b: Fraction | null) => {
    if (!a?.denominator || !b?.denominator) return Number(!a?.denominator) - Number(!b?.denominator);
    return better * compare(a, b);
  };
  const at = on === lastOn ? '' : `?on=${on}`;
  return rows
    .toSorted((a, b) => order(a.part.cell.shown, b.part.cell.shown))
    .map(({ unit, cell }) => ({
      ...cell,
      unit,
      unitCode: cut.contest.units.get(unit)?.code ?? '',
      name: cut.contest.units.get(unit)?.name ?? '',
      href: `/campaigns/${cut.contest.slug}/units/${unit}/indicators/${indicator.code}${at}`,
      why: `/campaigns/${cut.contest.slug}/units/${unit}/score${at}#${indicator.code}`,
      inside: insideOf({ cut, day }, indicator, unit),
    }));
}

/** How even the parts of a unit are: lowest, middle half, share at target, and the part that pulls it down most. */
function insideOf({ cut, day }: Pick<Sight, 'cut' | 'day'>, indicator: ContestIndicator, unit: number) {
  const slot = cut.contest.indicators.indexOf(indicator);
  const { target } = indicator.rule;
  const parts = partsOf(cut.contest, unit);
  if (!target || parts.length === 0) return null;
  const members = parts.flatMap(({ id }) => {
    const rate = cut.cube.figure(day, slot, cut.cube.rowOf(id));
    return rate ? [{ unit: id, rate }] : [];
  });
  const even = evennessOf(members, target);
  if (!even) return null;
  const text = (rate: Fraction) => rateText(indicator.rule, rate);
  const [heaviest] = even.pulls;
  return {
    lowest: text(even.lowest),
    lower: text(even.quartiles[0]),
    upper: text(even.quartiles[2]),
    highest: text(even.highest),
    atTarget: even.atTarget,
    of: even.withCases,
    heaviest: heaviest && heaviest.pull < 0 ? cut.contest.units.get(heaviest.unit)?.name : null,
    pull: heaviest ? decimalOf(heaviest.pull * 100, 2) : null,
    needed: heaviest?.needed ?? 0,
  };
}

/** One indicator of every unit of a group as a table, with how even each is inside. */
export const indicatorTable = (sight: Sight, indicator: ContestIndicator, group: string): Table =>
  tableOf(
    ['indicator', sight.cut.contest.slug, indicator.code, group, sight.on].filter(Boolean).join('-'),
    indicatorRows(sight, indicator, group),
    {
      unit_code: (row) => row.unitCode,
      unit: (row) => row.name,
      figure: (row) => decimal(row.text),
      look: (row) => worded(row.look, 'standings.look'),
      state: (row) => worded(row.state, 'standings.cell'),
      numerator: (row) => row.numerator,
      denominator: (row) => row.denominator,
      points: (row) => decimal(row.points),
      weight: (row) => decimal(row.weight),
      parts_at_target: (row) => row.inside?.atTarget,
      parts: (row) => row.inside?.of,
      lowest_part: (row) => decimal(row.inside?.lowest),
      lower_quarter: (row) => decimal(row.inside?.lower),
      upper_quarter: (row) => decimal(row.inside?.upper),
      highest_part: (row) => decimal(row.inside?.highest),
      heaviest_part: (row) => row.inside?.heaviest,
      cases_needed: (row) => (row.inside?.heaviest ? row.inside.needed : null),
    },
  );
