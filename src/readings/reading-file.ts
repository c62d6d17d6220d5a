import type { Finding } from '../platform/http/input-error.js';
import type { TextRow, TextTable } from '../platform/tables/delimited.js';
import { folded } from '../units/unit-name.js';
import type { IndicatorVersion } from '../indicators/indicators.queries.js';
import type { CellField, CellText } from './cell.js';
import { wideCells, wideColumns, type Origin } from './wide-file.js';

/** What senders call the columns, without marks. */
const NAMES: Record<CellField, readonly string[]> = {
  unitCode: ['unit_code', 'unit code', 'code', 'ma don vi', 'ma'],
  unit: ['unit', 'unit_name', 'don vi', 'ten don vi'],
  indicator: ['indicator', 'indicator_code', 'chi tieu', 'ma chi tieu'],
  day: ['date', 'day', 'ngay', 'ngay bao cao'],
  from: ['from', 'from_date', 'tu ngay'],
  to: ['to', 'to_date', 'den ngay', 'den het ngay'],
  numerator: ['numerator', 'count', 'tu so', 'so luong'],
  denominator: ['denominator', 'total', 'mau so', 'tong so'],
  value: ['value', 'rate', 'percent', 'ty le', 'gia tri'],
};
const FIELDS = Object.keys(NAMES) as CellField[];

export interface ReadFile {
  readonly cells: readonly CellText[];
  readonly columns: Partial<Record<CellField, string>>;
  readonly findings: readonly Finding[];
  /** Where the numbered cells of a wide table stand; empty for a table of one cell a row. */
  readonly origins: readonly Origin[];
}

/**
 * A table of readings as cells: one row per unit, indicator and day, or, where columns bear the names of indicators, one row per
 * unit and day. Faults of the header stop it; rows are judged later.
 */
export function readFile(table: TextTable, indicators: readonly IndicatorVersion[] = []): ReadFile {
  const { columns, places, findings } = columnsOf(table.header);
  const lack = (field: CellField, expected: string) =>
    findings.push({
      row: 1,
      column: field,
      code: 'readings.findings.column-missing',
      got: table.header.join(', '),
      expected,
    });
  if (places.unit === undefined && places.unitCode === undefined) lack('unit', 'unit_code, unit');
  const wide = places.indicator === undefined ? wideColumns(table.header, indicators) : [];
  if (places.indicator === undefined && wide.length === 0) lack('indicator', 'indicator');
  if (places.day === undefined && (places.from === undefined || places.to === undefined))
    lack('day', 'date / from + to');
  if (wide.length === 0 && places.numerator === undefined && places.value === undefined)
    lack('numerator', 'numerator, denominator / value');
  if (findings.length > 0) return { cells: [], columns, findings, origins: [] };
  const cellOf = ({ line, cells: texts }: TextRow) => {
    const cell = { row: line } as Record<string, unknown>;
    for (const field of FIELDS) cell[field] = texts[places[field] ?? -1]?.trim() ?? '';
    return cell as unknown as CellText;
  };
  if (wide.length > 0) return { ...wideCells(table.rows, wide, cellOf), columns, findings };
  return { cells: table.rows.map(cellOf), columns, findings, origins: [] };
}

/** Which column is which; a second one of the same kind is a fault. */
function columnsOf(header: readonly string[]) {
  const columns: Partial<Record<CellField, string>> = {};
  const places: Partial<Record<CellField, number>> = {};
  const findings: Finding[] = [];
  for (const [at, title] of header.entries()) {
    const field = FIELDS.find((name) => NAMES[name].includes(folded(title)));
    if (!field) continue;
    if (places[field] !== undefined)
      findings.push({
        row: 1,
        column: title,
        code: 'readings.findings.column-twice',
        got: title,
        expected: columns[field],
      });
    columns[field] = title;
    places[field] = at;
  }
  return { columns, places, findings };
}
