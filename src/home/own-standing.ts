import { decimalOf } from '../rules/scoring/decimal.js';
import type { Sight } from '../standings/sight.service.js';
import { reachOf, type Lever } from '../standings/reach.js';
import { indicatorViews, unitSight } from '../standings/unit-view.js';

/** A unit's own place, and the three things that would move it. */
export interface OwnStanding {
  readonly name: string;
  readonly place: number | null;
  readonly members: number;
  readonly score: string;
  readonly late: number;
  readonly above: { readonly name: string; readonly points: string } | null;
  readonly levers: readonly Lever[];
}

export function standingOf({ cut, day }: Sight, unitId: number): OwnStanding | null {
  const seen = unitSight(cut, unitId, day);
  const unit = cut.contest.units.get(unitId);
  if (!seen || !unit) return null;
  const reach = reachOf(cut, day, seen);
  const above = reach.unit === null ? undefined : cut.contest.units.get(reach.unit);
  return {
    name: unit.name,
    place: seen.row.place.rank,
    members: seen.standings.rows.filter(({ place }) => place.rank !== null).length,
    score: decimalOf(seen.row.score.published, cut.contest.plan.decimals),
    late: indicatorViews(cut, unitId, day, seen.row.score.parts).filter(({ look }) => look === 'late').length,
    above: above && reach.points !== null ? { name: above.name, points: reach.points } : null,
    levers: reach.levers,
  };
}
