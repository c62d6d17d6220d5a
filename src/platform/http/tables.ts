import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { csvText, jsonText, titlesOf, workbookRows, type Reader, type Table } from '../tables/table.js';
import { workbookStream } from '../tables/workbook-stream.js';
import { Messages } from './messages.js';
import { visitOf } from './visit.js';

const TYPES = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
export type TableForm = keyof typeof TYPES;

/** The addresses of one table: as JSON, as CSV and as a workbook. */
export const inEveryForm = (path: string): string[] => [path, ...asFiles(path)];
export const asFiles = (path: string): string[] => [`${path}.csv`, `${path}.xlsx`];

/** The form in which an address ends: `…/standings.xlsx`. */
export const formOf = ({ url }: Pick<FastifyRequest, 'url'>): TableForm => {
  const [path = ''] = url.split('?');
  return path.endsWith('.xlsx') ? 'xlsx' : path.endsWith('.csv') ? 'csv' : 'json';
};

/** Sends a table in the form its address ends in, row by row, with its columns in the reader's language. */
@Injectable()
export class Tables {
  constructor(private readonly messages: Messages) {}

  async send(request: FastifyRequest, reply: FastifyReply, table: Table): Promise<void> {
    const form = formOf(request);
    const reader = this.reader(request);
    void reply.header('content-type', TYPES[form]);
    if (form !== 'json')
      void reply.header('content-disposition', `attachment; filename="${fileName(table.name)}.${form}"`);
    forAnySite(request, reply);
    await reply.send(bodyOf(form, table, reader));
  }

  private reader(request: FastifyRequest): Reader {
    const { locale } = visitOf(request);
    return { locale, words: (key) => this.messages.text(key, locale) };
  }
}

/** Public tables are open to any site; what an officer sees stays between the officer and us. */
export function forAnySite({ officer }: FastifyRequest, reply: FastifyReply): void {
  if (officer) return;
  void reply.header('access-control-allow-origin', '*').header('cache-control', 'no-cache');
}

function bodyOf(form: TableForm, table: Table, reader: Reader): Readable {
  if (form === 'xlsx') return workbookStream(titlesOf(table, reader), workbookRows(table, reader));
  return Readable.from(inPieces(form === 'csv' ? csvText(table, reader) : jsonText(table, reader)), {
    objectMode: false,
  });
}

const fileName = (name: string) => name.replace(/[^\w.-]/g, '');

const AT_ONCE = 65_536;

async function* inPieces(texts: AsyncGenerator<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < AT_ONCE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
