import { Readable } from 'node:stream';
import { csvLine } from '../platform/tables/csv-line.js';
import type { JournalRow } from './journal.queries.js';

export const FORMATS = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;
export type Format = keyof typeof FORMATS;

const HEAD = ['id', 'at', 'officer', 'act', 'subject', 'facts', 'previous_hash', 'hash'];

/** The entries as a file, written while they are read. Officers are numbers here: a file that leaves the house names nobody. */
export function exported(rows: AsyncIterable<JournalRow>, format: Format): Readable {
  return Readable.from({ csv, json, ndjson }[format](rows), { objectMode: false });
}

const plain = ({ id, at, officerId, act, subject, facts, previousHash, hash }: JournalRow) => ({
  id: Number(id),
  at: at.toISOString(),
  officer: officerId,
  act,
  subject,
  facts,
  previousHash,
  hash,
});

async function* csv(rows: AsyncIterable<JournalRow>): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(HEAD)}`;
  for await (const row of rows) yield csvLine(Object.values(plain(row)));
}

async function* json(rows: AsyncIterable<JournalRow>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before + JSON.stringify(plain(row));
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

async function* ndjson(rows: AsyncIterable<JournalRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(plain(row))}\n`;
}
