import type { TableRow } from '../platform/tables/workbook-stream.js';
import type { DocumentCell, DocumentUnit, StandingsDocument } from './standings-document.js';

/** What of the standings is wanted; everything when left out. */
export interface Part {
  readonly group?: string;
  /** Code of a unit, or its id. */
  readonly unit?: string;
  /** Code of an indicator. */
  readonly indicator?: string;
}

/** The same standings with the groups, units and indicators that are wanted. */
export function partOf(document: StandingsDocument, { group, unit, indicator }: Part): StandingsDocument {
  const wanted = ({ code, id }: DocumentUnit) => !unit || code === unit || String(id) === unit;
  const cells = ({ cells: all }: DocumentUnit) =>
    all.filter((cell) => !indicator || cell.indicator === indicator);
  const groups = document.groups
    .filter(({ code }) => !group || code === group)
    .map(({ code, units }) => ({
      code,
      units: units.filter(wanted).map((one) => ({ ...one, cells: cells(one) })),
    }));
  return { ...document, groups: unit || indicator ? groups.filter(({ units }) => units.length > 0) : groups };
}

export const STANDINGS_HEAD = [
  'group',
  'place',
  'unit_code',
  'unit',
  'score',
  'band',
  'progress_place',
  'progress_score',
  'not_ranked',
  'indicator',
  'state',
  'policy',
  'numerator',
  'denominator',
  'rate',
  'points',
  'weight',
];

/** One line per unit and indicator; decimals as `decimal` makes them: as they are printed, or as numbers to reckon with. */
export function* standingsRows(
  document: StandingsDocument,
  decimal: (text: string | null) => string | number | null,
): Generator<TableRow> {
  for (const { code, units } of document.groups)
    for (const unit of units) for (const cell of unit.cells) yield rowOf(code, unit, cell, decimal);
}

const rowOf = (
  group: string,
  unit: DocumentUnit,
  cell: DocumentCell,
  decimal: (text: string | null) => string | number | null,
): TableRow => [
  group,
  unit.place,
  unit.code,
  unit.name,
  decimal(unit.score),
  unit.band,
  unit.progress.place,
  decimal(unit.progress.score),
  unit.unranked,
  cell.indicator,
  cell.state,
  cell.policy,
  cell.numerator,
  cell.denominator,
  decimal(cell.rate),
  decimal(cell.points),
  decimal(cell.weight),
];
