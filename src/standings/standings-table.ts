import { decimal, tableOf, type Table } from '../platform/tables/table.js';
import { matches } from './board-order.js';
import type { DocumentUnit, StandingsDocument } from './standings-document.js';

/** What of the standings is wanted; everything when left out. */
export interface Part {
  readonly group?: string;
  /** Code of a unit, or its id. */
  readonly unit?: string;
  /** Code of an indicator. */
  readonly indicator?: string;
  /** Part of a unit's name, with or without marks. */
  readonly q?: string;
}

/** The same standings with the groups, units and indicators that are wanted. */
export function partOf(
  document: StandingsDocument,
  { group, unit, indicator, q = '' }: Part,
  order: (units: readonly DocumentUnit[], group: string) => readonly DocumentUnit[] = (units) => units,
): StandingsDocument {
  const wanted = ({ code, id, name }: DocumentUnit) =>
    (!unit || code === unit || String(id) === unit) && matches(name, String(q).trim());
  const cells = ({ cells: all }: DocumentUnit) =>
    all.filter((cell) => !indicator || cell.indicator === indicator);
  const groups = document.groups
    .filter(({ code }) => !group || code === group)
    .map(({ code, units }) => ({
      code,
      units: order(units.filter(wanted), code).map((one) => ({ ...one, cells: cells(one) })),
    }));
  return { ...document, groups: unit || indicator ? groups.filter(({ units }) => units.length > 0) : groups };
}

/** One line per unit and indicator. */
export const standingsTable = (name: string, { groups }: StandingsDocument): Table =>
  tableOf(
    name,
    groups.flatMap(({ code: group, units }) =>
      units.flatMap((unit) => unit.cells.map((cell) => ({ group, unit, cell }))),
    ),
    {
      group: ({ group }) => group,
      place: ({ unit }) => unit.place,
      unit_code: ({ unit }) => unit.code,
      unit: ({ unit }) => unit.name,
      score: ({ unit }) => decimal(unit.score),
      band: ({ unit }) => unit.band,
      progress_place: ({ unit }) => unit.progress.place,
      progress_score: ({ unit }) => decimal(unit.progress.score),
      not_ranked: ({ unit }) => unit.unranked,
      indicator: ({ cell }) => cell.indicator,
      state: ({ cell }) => cell.state,
      policy: ({ cell }) => cell.policy,
      numerator: ({ cell }) => cell.numerator,
      denominator: ({ cell }) => cell.denominator,
      rate: ({ cell }) => decimal(cell.rate),
      points: ({ cell }) => decimal(cell.points),
      weight: ({ cell }) => decimal(cell.weight),
    },
  );
