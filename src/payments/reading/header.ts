import { isUtf8 } from 'node:buffer';
import { FileFault } from './file-fault.js';
import { folded, type Profile } from './profile.js';

export type Columns = Map<string, number>;

/** The separators a file may have, the most telling first. */
const SEPARATORS = [';', '\t', ','];

/**
 * Looks at the first bytes of a file: encoding, byte order mark, separator.
 * @throws FileFault in words the sender can act on when it is not UTF-8 text.
 */
export function sniff(start: Buffer, profile: Profile): { skip: number; separator: number } {
  if (start.length === 0) throw new FileFault('empty');
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new FileFault('utf-16');
  const zeros = start.subarray(0, 4096).reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  if (zeros > 0) throw new FileFault(zeros * 3 > Math.min(start.length, 4096) ? 'utf-16' : 'not-text');
  const lines = start.subarray(0, start.lastIndexOf(10) + 1);
  if (!isUtf8(lines))
    throw new FileFault('not-utf8', { looksLike: legacyEncoding(lines), record: faultyLine(lines) });
  const skip = start.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  return { skip, separator: separatorOf(start.toString('utf8', skip), profile).charCodeAt(0) };
}

/** The columns of a header record, by our names; null when the record is not the header of this profile. */
export function columnsOf(record: readonly string[], profile: Profile): Columns | null {
  const names = fieldsByHeader(profile);
  const columns: Columns = new Map();
  for (const [position, header] of record.entries()) {
    const field = names.get(folded(header));
    if (field === undefined) continue;
    if (columns.has(field)) throw new FileFault('columns-twice', { column: field });
    columns.set(field, position);
  }
  return columns.size >= 2 ? columns : null;
}

/** @throws FileFault naming every column that a payment cannot do without. */
export function demandColumns(columns: Columns, profile: Profile): void {
  const missing = ['source_ref', 'amount', 'paid_at'].filter((field) => !columns.has(field));
  const payer = ['national_id', 'tax_code', 'phone'].some(
    (field) => columns.has(field) || profile.extract !== undefined,
  );
  if (!payer) missing.push('national_id | tax_code | phone');
  if (missing.length > 0) throw new FileFault('columns-missing', { missing: missing.join(', ') });
}

function separatorOf(text: string, profile: Profile): string {
  const lines = text.split('\n', 60);
  const fields = fieldsByHeader(profile);
  let best = { separator: ',', found: 0 };
  for (const separator of SEPARATORS)
    for (const line of lines) {
      if (!line.includes(separator)) continue;
      const cells = line.replace(/\r$/, '').split(separator);
      const names = cells.map((cell) => fields.get(folded(cell.replaceAll('"', ''))));
      const found = new Set(names.filter((name) => name !== undefined)).size;
      if (found > best.found) best = { separator, found };
    }
  if (best.found < 2)
    throw new FileFault('header-missing', { expected: Object.keys(profile.columns).join(', ') });
  return best.separator;
}

/** Our name of a column by each header it is known under. */
function fieldsByHeader({ columns }: Profile): Map<string, string> {
  const named = Object.entries(columns).flatMap(([field, headers]) =>
    headers.map((header): [string, string] => [folded(header), field]),
  );
  return new Map(named);
}

/** Windows-1258 writes tones as combining bytes (cc d2 de ec f2); TCVN3 uses a8-ae and b5-fe for whole letters. */
function legacyEncoding(bytes: Buffer): string {
  let combining = 0;
  let letters = 0;
  for (const byte of bytes) {
    if (byte === 0xcc || byte === 0xd2 || byte === 0xde || byte === 0xec || byte === 0xf2) combining++;
    else if ((byte >= 0xa8 && byte <= 0xae) || (byte >= 0xb5 && byte <= 0xbe)) letters++;
  }
  return combining >= letters ? 'Windows-1258' : 'TCVN3';
}

function faultyLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(10, from) + 1 || bytes.length;
    if (!isUtf8(bytes.subarray(from, end))) return line;
    from = end;
  }
  return line;
}
