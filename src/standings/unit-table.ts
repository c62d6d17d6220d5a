import { decimal, named, tableOf, worded, type Table } from '../platform/tables/table.js';
import type { Sight } from './sight.service.js';
import { indicatorViews, unitSight } from './unit-view.js';

/** The indicators of one unit as a table: figure, target, points, pace; nothing for a unit without a place on that day. */
export function unitTable({ cut, day, on }: Sight, unit: number): Table | null {
  const seen = unitSight(cut, unit, day);
  if (!seen) return null;
  return tableOf(
    `unit-${cut.contest.slug}-${cut.contest.units.get(unit)?.code ?? unit}-${on}`,
    indicatorViews(cut, unit, day, seen.row.score.parts),
    {
      indicator: (one) => named({ ...one, code: one.indicator }),
      figure: (one) => decimal(one.text),
      look: (one) => worded(one.look, 'standings.look'),
      state: (one) => worded(one.state, 'standings.cell'),
      numerator: (one) => one.numerator,
      denominator: (one) => one.denominator,
      baseline: (one) => decimal(one.baseline),
      operator: (one) => one.operator,
      target: (one) => decimal(one.target),
      due_on: (one) => one.dueOn,
      points: (one) => decimal(one.points),
      weight: (one) => decimal(one.weight),
      cases_needed: (one) => one.pace?.cases,
      cases_per_day: (one) => one.pace?.casesPerDay,
      days_left: (one) => one.pace?.daysLeft,
    },
  );
}
