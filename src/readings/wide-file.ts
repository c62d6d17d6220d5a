import type { IndicatorVersion } from '../indicators/indicators.queries.js';
import type { Finding } from '../platform/http/input-error.js';
import type { TextRow } from '../platform/tables/delimited.js';
import { folded } from '../units/unit-name.js';
import type { CellField, CellText } from './cell.js';

type Figure = 'numerator' | 'denominator' | 'value';
/** `figure` left out: the cell says all of it, `12/50` or one number. */
interface Column {
  readonly at: number;
  readonly title: string;
  readonly indicator: IndicatorVersion;
  readonly figure?: Figure;
}

const WORDS: Record<Figure, readonly string[]> = {
  numerator: ['numerator', 'tu so', 'so luong', 'count'],
  denominator: ['denominator', 'mau so', 'tong so', 'total'],
  value: ['value', 'ty le', 'gia tri', 'percent', 'rate'],
};

/** Columns named after indicators, by code or name: `Hồ sơ trực tuyến`, `ho-so-truc-tuyen tử số`. */
export function wideColumns(header: readonly string[], indicators: readonly IndicatorVersion[]): Column[] {
  const names = indicators.flatMap((one) =>
    [one.code, one.nameVi, one.nameEn].map((name) => [folded(name), one] as const),
  );
  return header.flatMap((title, at) => {
    const text = folded(title);
    const whole = names.find(([name]) => name === text);
    if (whole) return [{ at, title, indicator: whole[1] }];
    const part = names.find(([name]) => text.startsWith(`${name} `) && figureIn(text.slice(name.length + 1)));
    return part ? [{ at, title, indicator: part[1], figure: figureIn(text.slice(part[0].length + 1)) }] : [];
  });
}

const figureIn = (word: string): Figure | undefined =>
  (Object.keys(WORDS) as Figure[]).find((figure) =>
    WORDS[figure].includes(word.replace(/[():]/g, '').trim()),
  );

/** Where a cell stands in the file: findings speak of the sender's row and column. */
export interface Origin {
  readonly line: number;
  readonly titles: Partial<Record<CellField, string>>;
}

/** One row per unit and day as one cell per indicator; empty ones are no cells. Cells are numbered from 1; see `inFile`. */
export function wideCells(
  rows: readonly TextRow[],
  columns: readonly Column[],
  frame: (row: TextRow) => Omit<CellText, 'row' | 'indicator' | Figure>,
): { cells: CellText[]; origins: Origin[] } {
  const cells: CellText[] = [];
  const origins: Origin[] = [];
  const indicators = [...new Set(columns.map(({ indicator }) => indicator))];
  for (const row of rows)
    for (const indicator of indicators) {
      const own = columns.filter((column) => column.indicator === indicator);
      const figures = figuresOf(row, own, indicator);
      if (!figures.numerator && !figures.denominator && !figures.value) continue;
      cells.push({ ...frame(row), row: cells.length + 1, indicator: indicator.code, ...figures });
      const title = (figure: Figure) =>
        own.find((column) => column.figure === figure)?.title ?? own[0]?.title;
      const titles = {
        indicator: own[0]?.title,
        numerator: title('numerator'),
        denominator: title('denominator'),
      };
      origins.push({ line: row.line, titles: { ...titles, value: title('value') } });
    }
  return { cells, origins };
}

function figuresOf(
  { cells }: TextRow,
  columns: readonly Column[],
  { form }: IndicatorVersion,
): Record<Figure, string> {
  const figures = { numerator: '', denominator: '', value: '' };
  for (const { at, figure } of columns) {
    const text = cells[at]?.trim() ?? '';
    if (figure) figures[figure] = text;
    else if (text.includes('/'))
      [figures.numerator = '', figures.denominator = ''] = text.split('/', 2).map((one) => one.trim());
    else if (text) figures[form === 'count' ? 'numerator' : 'value'] = text;
  }
  return figures;
}

/** Findings about numbered cells as findings about the file's rows and columns. */
export const inFile = (findings: readonly Finding[], origins: readonly Origin[]): Finding[] =>
  findings.map((found) => {
    const origin = origins[(found.row ?? 0) - 1];
    if (!origin) return found;
    const other = /^row (\d+)$/.exec(String(found.expected));
    const expected = other ? `row ${origins[Number(other[1]) - 1]?.line ?? ''}` : found.expected;
    const column = origin.titles[found.column as CellField] ?? found.column;
    return { ...found, expected, row: origin.line, column };
  });
