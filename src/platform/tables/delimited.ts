/** A table as text, wherever it came from: cells are strings, `line` is what the sender's program shows as the row's number. */
export interface TextTable {
  readonly header: readonly string[];
  readonly rows: readonly TextRow[];
}

export interface TextRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The bytes are not text in UTF-8 or UTF-16. */
export class NotText extends Error {
  override name = 'NotText';
}

/**
 * Reads CSV, semicolon- or tab-separated text (RFC 4180 quoting, any line end, with or without byte order mark).
 * The separator is taken from the first line. Empty lines are passed over.
 * @throws NotText when the bytes are neither UTF-8 nor marked as UTF-16.
 */
export function delimited(bytes: Uint8Array): TextTable {
  const text = decoded(bytes);
  const separator = separatorOf(text);
  const rows: TextRow[] = [];
  for (let at = 0, line = 1; at < text.length;) {
    const record = text.charCodeAt(at) === QUOTE ? undefined : plainRecord(text, at, separator);
    const read = record ?? quotedRecord(text, at, separator);
    if (read.cells.length > 1 || read.cells[0] !== '') rows.push({ line, cells: read.cells });
    at = read.next;
    line += read.lines;
  }
  const [first, ...rest] = rows;
  return { header: first?.cells.map((cell) => cell.trim()) ?? [], rows: rest };
}

const QUOTE = 34;

function decoded(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new NotText(`not ${encoding}`);
  }
}

function separatorOf(text: string): string {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const count = (mark: string) => first.split(mark).length;
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0] ?? ',';
}

interface Read {
  readonly cells: string[];
  readonly next: number;
  readonly lines: number;
}

/** The common case, a line without a quote in it, needs no walk through its letters. */
function plainRecord(text: string, at: number, separator: string): Read | undefined {
  const feed = text.indexOf('\n', at);
  const end = feed < 0 ? text.length : feed;
  const line = text.slice(at, text[end - 1] === '\r' ? end - 1 : end);
  if (line.includes('"') || line.includes('\r')) return undefined;
  return { cells: line.split(separator), next: end + 1, lines: 1 };
}

function quotedRecord(text: string, start: number, separator: string): Read {
  const cells: string[] = [];
  let lines = 1;
  let cell = '';
  let quoted = false;
  let at = start;
  for (; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '\n' && quoted) lines++;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text.charAt(++at);
      else quoted = false;
    } else if (letter === '"' && cell.trim() === '') [quoted, cell] = [true, ''];
    else if (letter === separator) {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n' || letter === '\r') break;
    else cell += letter;
  }
  if (text[at] === '\r' && text[at + 1] === '\n') at++;
  cells.push(cell);
  return { cells, next: at + 1, lines };
}
