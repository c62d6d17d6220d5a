import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csvLine } from '../tables/csv-line.js';
import { workbookStream, type TableRow } from '../tables/workbook-stream.js';

/** A table to be taken away: its name without ending, its columns, its rows as they come. */
export interface Table {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: AsyncIterable<TableRow> | Iterable<TableRow>;
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
export type TableForm = keyof typeof TYPES;

/** The form in which an address ends: `…/standings.xlsx`. */
export const formOf = ({ url }: FastifyRequest): TableForm => (/\.xlsx(\?|$)/.test(url) ? 'xlsx' : 'csv');

/** Sends a table as CSV or as a workbook, row by row; open to any site, like the JSON beside it. */
export async function sendTable(
  reply: FastifyReply,
  form: TableForm,
  { name, head, rows }: Table,
): Promise<void> {
  const body = form === 'xlsx' ? workbookStream(head, onward(rows)) : Readable.from(csvOf(head, rows));
  await reply
    .header('content-type', TYPES[form])
    .header('content-disposition', `attachment; filename="${name}.${form}"`)
    .header('access-control-allow-origin', '*')
    .header('cache-control', 'no-cache')
    .send(body);
}

async function* onward(rows: Table['rows']): AsyncGenerator<TableRow> {
  yield* rows;
}

const AT_ONCE = 65_536;

/** With a byte order mark, so that spreadsheets read the names. */
async function* csvOf(head: readonly string[], rows: Table['rows']): AsyncGenerator<Buffer> {
  let text = `\uFEFF${csvLine(head)}`;
  for await (const row of rows) {
    text += csvLine(row);
    if (text.length < AT_ONCE) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(text);
}
