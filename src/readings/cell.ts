import type { Finding } from '../platform/http/input-error.js';

/** One cell as it came in, from a file, a grid or the API: everything still text. */
export interface CellText {
  readonly row: number;
  readonly unitCode: string;
  readonly unit: string;
  readonly indicator: string;
  /** Either a day, or a window of days, both ends inclusive as people write them. */
  readonly day: string;
  readonly from: string;
  readonly to: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly value: string;
  /** The reading the writer had before them, where they had one; checked so that nobody writes over another's figure unseen. */
  readonly seen?: number | null;
}

export type CellField = keyof Omit<CellText, 'row' | 'seen'>;

/** A cell understood: whose, of what, for which half-open window, and its numbers. */
export interface Cell {
  readonly row: number;
  readonly indicatorId: number;
  readonly unitId: number;
  readonly fromOn: string;
  readonly toOn: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  /** Decimal text. */
  readonly value: string | null;
  readonly seen?: number | null;
}

export type Note = (row: number, field: CellField, code: string, got: unknown, expected: unknown) => void;

/** Collects what is wrong, with the columns named as the sender names them. */
export function notes(columns: Partial<Record<CellField, string>> = {}): { findings: Finding[]; note: Note } {
  const findings: Finding[] = [];
  const note: Note = (row, field, code, got, expected) =>
    void findings.push({
      row,
      column: columns[field] ?? field,
      code: `readings.findings.${code}`,
      got,
      expected,
    });
  return { findings, note };
}

export const cellKey = ({
  indicatorId,
  unitId,
  fromOn,
  toOn,
}: Pick<Cell, 'indicatorId' | 'unitId' | 'fromOn' | 'toOn'>) => `${indicatorId} ${unitId} ${fromOn} ${toOn}`;

/** All windows of one unit's indicator. */
export const seriesKey = ({ indicatorId, unitId }: Pick<Cell, 'indicatorId' | 'unitId'>) =>
  indicatorId * 4_294_967_296 + unitId;
