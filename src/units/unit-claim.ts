import type { TextTable } from '../platform/tables/delimited.js';
import type { Finding } from '../platform/http/input-error.js';
import type { UnitKind } from './unit-index.js';
import { bareName } from './unit-name.js';

/** What one row of a list says: this code was this unit, from a day, up to a day; null: not told. */
export interface Claim {
  readonly row: number;
  readonly code: string;
  readonly kind: UnitKind;
  readonly type: string;
  readonly name: string;
  readonly fullName: string;
  readonly parentCode: string;
  readonly from: string | null;
  readonly to: string | null;
}

const KINDS: UnitKind[] = ['province', 'district', 'commune', 'department', 'agency'];
const DIGITS: Partial<Record<UnitKind, number>> = { province: 2, district: 3, commune: 5 };
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** A history has its days in each row; a list is true on one day, given from outside. */
export const isHistory = (table: TextTable) => table.header.includes('valid_from');

/** Reads the rows of a list (`validFrom`) or a history; every fault is told, none stops the reading. */
export function claimsOf(
  table: TextTable,
  validFrom: string | null,
): { claims: Claim[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const needed = ['code', 'level', 'full_name', 'parent_code', ...(isHistory(table) ? ['valid_to'] : [])];
  for (const column of needed.filter((name) => !table.header.includes(name)))
    findings.push({
      row: 1,
      column,
      code: 'units.findings.column-missing',
      got: table.header.join(','),
      expected: column,
    });
  if (findings.length > 0) return { claims: [], findings };
  const place = new Map(table.header.map((name, at) => [name, at]));
  const claims = table.rows.flatMap(({ line, cells }) => {
    const cell = (column: string) => cells[place.get(column) ?? -1]?.trim() ?? '';
    const faults = faultsOf(cell, cells.length, table.header.length).map((fault) => ({
      row: line,
      ...fault,
    }));
    findings.push(...faults);
    return faults.length > 0 ? [] : [claimOf(line, cell, isHistory(table) ? null : validFrom)];
  });
  return { claims, findings };
}

type Cell = (column: string) => string;

function claimOf(row: number, cell: Cell, validFrom: string | null): Claim {
  const fullName = cell('full_name').normalize('NFC');
  return {
    row,
    code: cell('code'),
    kind: cell('level') as UnitKind,
    type: cell('type').normalize('NFC'),
    name: cell('name').normalize('NFC') || bareName(fullName),
    fullName,
    parentCode: cell('parent_code'),
    from: validFrom ?? (cell('valid_from') || null),
    to: cell('valid_to') || null,
  };
}

function faultsOf(cell: Cell, width: number, expectedWidth: number): Omit<Finding, 'row'>[] {
  const faults: Omit<Finding, 'row'>[] = [];
  const fault = (column: string, code: string, expected: string) =>
    faults.push({ column, code: `units.findings.${code}`, got: cell(column), expected });
  if (width !== expectedWidth)
    return [
      { column: '', code: 'units.findings.row-width', got: String(width), expected: String(expectedWidth) },
    ];
  const kind = cell('level') as UnitKind;
  if (!KINDS.includes(kind)) fault('level', 'level-unknown', KINDS.join(', '));
  const digits = DIGITS[kind];
  const shape = digits ? new RegExp(`^\\d{${digits}}$`) : /^[0-9A-Za-z][0-9A-Za-z._-]*$/;
  if (!shape.test(cell('code')))
    fault('code', 'code-malformed', digits ? '0'.repeat(digits - 1) + '1' : 'S01');
  if (!cell('full_name')) fault('full_name', 'name-missing', 'Xã Tân Tiến');
  for (const column of ['valid_from', 'valid_to'])
    if (cell(column) && !DAY.test(cell(column))) fault(column, 'day-malformed', '2025-07-01');
  if (cell('valid_from') && cell('valid_to') && cell('valid_from') >= cell('valid_to'))
    fault('valid_to', 'days-reversed', `> ${cell('valid_from')}`);
  return faults;
}
