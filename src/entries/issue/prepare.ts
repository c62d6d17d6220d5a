import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Canonical, CANONICAL, type TextRecord } from '../../payments/reading/canonical.js';
import { FileFault } from '../../payments/reading/file-fault.js';
import { sniff } from '../../payments/reading/header.js';
import { Scanner } from '../../payments/reading/scanner.js';
import { isWorkbook, NotAWorkbook, workbook } from '../../platform/tables/workbook.js';
import type { ImportFile } from './import-file.js';
import { startOf } from './read-file.js';

/** A workbook larger than this is sent as CSV. */
const LARGEST_WORKBOOK = 64 * 1_048_576;

export type Prepared = ImportFile & { readonly passedOver: number };

/** A feed in CSV goes as it is; workbooks and statements are rewritten in our own form first. */
export async function prepare(file: ImportFile): Promise<Prepared> {
  const book = await startsAsWorkbook(file.path);
  if (!book && file.profile.kind === 'feed') return { ...file, passedOver: 0 };
  const canonical = new Canonical(file.profile);
  const path = `${file.folder}/canonical.csv`;
  const digest = createHash('sha256');
  const lines = async function* () {
    yield canonical.start();
    for await (const record of book ? bookRecords(file) : textRecords(file)) yield canonical.line(record);
    canonical.end();
  };
  const hashed = async function* (texts: AsyncIterable<string>) {
    for await (const text of texts) {
      digest.update(text);
      yield text;
    }
  };
  await pipeline(lines, hashed, createWriteStream(path));
  const { size } = await stat(path);
  return {
    ...file,
    path,
    sha256: digest.digest(),
    bytes: size,
    profile: CANONICAL,
    passedOver: canonical.passedOver,
  };
}

async function startsAsWorkbook(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return isWorkbook(buffer);
  } finally {
    await file.close();
  }
}

async function* bookRecords(file: ImportFile): AsyncGenerator<TextRecord> {
  if (file.bytes > LARGEST_WORKBOOK) throw new FileFault('workbook-too-large', { most: LARGEST_WORKBOOK });
  const table = await workbook(await readFile(file.path)).catch((fault: Error) => {
    if (fault instanceof NotAWorkbook && /large|big/.test(fault.message))
      throw new FileFault('workbook-too-large', {});
    throw new FileFault('workbook-broken', { reason: fault.message });
  });
  const first = table.rows[0]?.line ?? 2;
  yield { line: Math.max(1, first - 1), cells: table.header };
  yield* table.rows;
}

async function* textRecords(file: ImportFile): AsyncGenerator<TextRecord> {
  const { skip, separator } = sniff(await startOf(file.path), file.profile);
  let records: TextRecord[] = [];
  const scanner = new Scanner(separator, () => {
    records.push({ line: scanner.record, cells: scanner.texts() });
  });
  for await (const chunk of createReadStream(file.path, {
    start: skip,
    highWaterMark: 1 << 18,
  }) as AsyncIterable<Buffer>) {
    scanner.push(chunk);
    yield* records;
    records = [];
  }
  scanner.end();
  yield* records;
}
