import { csvLine } from './csv-line.js';
import type { TableCell, TableRow } from './workbook-stream.js';

/** What is written in either language: a name that data bring along. */
export interface Named {
  readonly vi: string;
  readonly en: string;
  /** What programs call it. */
  readonly code: string | null;
}
/** An exact decimal, as it is printed: a number in every form, and none of its zeros lost where a form keeps them. */
export interface Decimal {
  readonly decimal: string;
}
/** A code that people read as the message of this key. */
export interface Worded {
  readonly code: string;
  readonly key: string;
}
export type Cell = TableCell | Named | Decimal | Worded;

/** A column: its name for programs, and what people read above it: the message `tables.column.<name>` when nothing else is said. */
export interface Column {
  readonly name: string;
  readonly title: (words: Words) => string;
}
export type Words = (key: string) => string;

/** A table to be taken away: its name without ending, its columns, its rows as they come. */
export interface Table {
  readonly name: string;
  readonly columns: readonly (string | Column)[];
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
}

/** A table whose columns are named one by one: what each says of a row. */
export const tableOf = <Row>(
  name: string,
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => Cell>>,
): Table => ({
  name,
  columns: Object.keys(columns),
  rows: rows.map((row) => Object.values(columns).map((say) => say(row))),
});

export const decimal = (text: string | null | undefined): Decimal | null =>
  text === null || text === undefined || text === '' ? null : { decimal: text };

export const named = (
  one: { nameVi?: string; nameEn?: string; code?: string } | null | undefined,
): Named | null =>
  one?.nameVi === undefined ? null : { vi: one.nameVi, en: one.nameEn ?? one.nameVi, code: one.code ?? null };

export const worded = (code: string | null | undefined, key: string): Worded | null =>
  code ? { code, key: `${key}.${code}` } : null;

/** How a reader is served: their words, and which of two names. */
export interface Reader {
  readonly locale: 'vi' | 'en';
  readonly words: Words;
}

export const titlesOf = ({ columns }: Table, { words }: Reader): string[] =>
  columns.map((one) => (typeof one === 'string' ? words(`tables.column.${one}`) : one.title(words)));

const namesOf = ({ columns }: Table): string[] =>
  columns.map((one) => (typeof one === 'string' ? one : one.name));

/** Rows for a workbook: numbers to reckon with. */
export async function* workbookRows({ rows }: Table, reader: Reader): AsyncGenerator<TableRow> {
  for await (const row of rows)
    yield row.map((cell) => (isDecimal(cell) ? Number(cell.decimal) : spoken(cell, reader)));
}

/** With a byte order mark, so that spreadsheets read the names. Decimals stand as they are printed. */
export async function* csvText(table: Table, reader: Reader): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(titlesOf(table, reader))}`;
  for await (const row of table.rows)
    yield csvLine(row.map((cell) => (isDecimal(cell) ? cell : spoken(cell, reader))));
}

/** `{ name, columns: [{ name, title }], rows: [{ … }] }`; codes stay codes, a name is given in both languages. */
export async function* jsonText(table: Table, reader: Reader): AsyncGenerator<string> {
  const names = namesOf(table);
  const columns = titlesOf(table, reader).map((title, at) => ({ name: names[at], title }));
  yield `{"name":${JSON.stringify(table.name)},"columns":${JSON.stringify(columns)},"rows":[`;
  let between = '';
  for await (const row of table.rows) {
    yield `${between}{${row.map((cell, at) => `${JSON.stringify(names[at])}:${jsonCell(cell)}`).join()}}`;
    between = ',\n';
  }
  yield ']}\n';
}

function spoken(cell: Exclude<Cell, Decimal>, { locale, words }: Reader): TableCell {
  if (cell === null || typeof cell !== 'object') return cell;
  return 'key' in cell ? words(cell.key) : cell[locale];
}

function jsonCell(cell: Cell): string {
  if (isDecimal(cell)) return cell.decimal;
  if (cell === null || cell === undefined) return 'null';
  if (typeof cell === 'object' && 'key' in cell) return JSON.stringify(cell.code);
  return JSON.stringify(cell);
}

const isDecimal = (cell: Cell): cell is Decimal =>
  cell !== null && typeof cell === 'object' && 'decimal' in cell;
