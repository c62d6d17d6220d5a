import { decimalOf } from '../rules/scoring/decimal.js';
import { casesNeeded } from '../rules/scoring/evenness.js';
import { withTarget } from '../rules/scoring/standings.js';
import { cellKey, type ContestIndicator } from './contest.js';
import type { Cut } from './cut.js';
import type { UnitSight } from './unit-view.js';

/** Which more cases would gain the most: what moves the unit's place. */
export interface Lever {
  readonly indicator: string;
  readonly nameVi: string;
  readonly nameEn: string;
  /** What is counted: dossiers, hamlets, adults. */
  readonly measureVi: string;
  readonly measureEn: string;
  readonly cases: number;
  readonly points: string;
  /** The parts of the unit that lack most of them, at most three. */
  readonly where: readonly string[];
}

export interface Reach {
  readonly unit: number | null;
  readonly points: string | null;
  readonly levers: readonly Lever[];
}

/** The unit just above, the points to it, and what each indicator would still bring by reaching its target. */
export function reachOf(cut: Cut, day: number, { standings, row }: UnitSight): Reach {
  const ranked = standings.rows.filter(({ place }) => place.rank !== null);
  const above = ranked
    .slice(0, Math.max(0, ranked.indexOf(row)))
    .findLast(({ place }) => place.rank !== row.place.rank);
  const levers = row.score.parts.flatMap((part) => {
    const indicator = cut.contest.indicators.find(({ code }) => code === part.indicator);
    const target =
      indicator &&
      withTarget(indicator.rule, cut.contest.targets.get(cellKey(row.unit, part.indicator))).target;
    const { shown } = part.cell;
    const missing = part.counted - part.earned;
    if (!indicator || !target || !shown || shown.denominator === 0 || missing <= 0) return [];
    const cases = casesNeeded(shown, target);
    return cases > 0 ? [{ indicator, cases, missing, target }] : [];
  });
  return {
    unit: above?.unit ?? null,
    points: above ? decimalOf(above.score.published - row.score.published, cut.contest.plan.decimals) : null,
    levers: levers
      .toSorted((a, b) => b.missing - a.missing)
      .slice(0, 3)
      .map(({ indicator, cases, missing, target }) => ({
        indicator: indicator.code,
        nameVi: indicator.nameVi,
        nameEn: indicator.nameEn,
        measureVi: indicator.measureVi,
        measureEn: indicator.measureEn,
        cases,
        points: decimalOf(missing, 2),
        where: lackingParts(cut, { indicator, unit: row.unit, day, target }),
      })),
  };
}

const NAMED = 3;

interface Lacking {
  readonly indicator: ContestIndicator;
  readonly unit: number;
  readonly day: number;
  readonly target: NonNullable<ContestIndicator['rule']['target']>;
}

/** Where inside a unit most of the missing cases lie; nothing for figures that do not add up the tree. */
function lackingParts(cut: Cut, { indicator, unit, day, target }: Lacking): string[] {
  const slot = cut.contest.indicators.indexOf(indicator);
  if (!cut.cube.adds[slot]) return [];
  const parts = [...cut.contest.units.values()].filter(({ parentId }) => parentId === unit);
  const lacking = parts.flatMap(({ id, name }) => {
    const rate = cut.cube.figure(day, slot, cut.cube.rowOf(id));
    const cases = rate && rate.denominator > 0 ? casesNeeded(rate, target) : 0;
    return cases > 0 ? [{ name, cases }] : [];
  });
  return lacking
    .toSorted((a, b) => b.cases - a.cases)
    .slice(0, NAMED)
    .map(({ name }) => name);
}
