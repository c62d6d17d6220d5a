import yauzl from 'yauzl';
import type { TextRow, TextTable } from './delimited.js';

/** The bytes are no workbook of Excel (XLSX) that can be read. */
export class NotAWorkbook extends Error {
  override name = 'NotAWorkbook';
}

/** No sheet of ours is larger; what is, is an attack or a mistake. */
const LARGEST = 200 * 1_048_576;

export const isWorkbook = (bytes: Uint8Array) =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** The first sheet of a workbook as text. Numbers keep all their digits with a decimal point; days become `2022-06-01`, moments `2022-06-01T09:30:00`. */
export async function workbook(bytes: Buffer): Promise<TextTable> {
  const parts = await unzipped(
    bytes,
    /^xl\/(workbook\.xml|sharedStrings\.xml|styles\.xml|_rels\/workbook\.xml\.rels|worksheets\/[^/]+\.xml)$/,
  );
  const first = firstSheet(parts);
  const sheet = parts.get(first);
  if (sheet === undefined) throw new NotAWorkbook('no sheet');
  const strings = [
    ...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si(?:\s[^>]*)?>([\s\S]*?)<\/si>/g),
  ].map(([, item]) => textIn(item ?? ''));
  const dates = dateStyles(parts.get('xl/styles.xml') ?? '');
  const from1904 = /<workbookPr[^>]*date1904="(1|true)"/.test(parts.get('xl/workbook.xml') ?? '');
  const rows: TextRow[] = [];
  for (const [, attributes, body] of sheet.matchAll(/<row((?:\s[^>]*)?)>([\s\S]*?)<\/row>/g)) {
    const cells: string[] = [];
    for (const [, attribute, content] of (body ?? '').matchAll(
      /<c((?:\s[^>]*?)?)(?:\/>|>([\s\S]*?)<\/c>)/g,
    )) {
      const at = columnOf(/r="([A-Z]+)\d+"/.exec(attribute ?? '')?.[1], cells.length);
      while (cells.length < at) cells.push('');
      cells[at] = cellText(attribute ?? '', content ?? '', { strings, dates, from1904 });
    }
    if (cells.some((cell) => cell !== ''))
      rows.push({ line: Number(/r="(\d+)"/.exec(attributes ?? '')?.[1] ?? rows.length + 1), cells });
  }
  const [header, ...rest] = rows;
  return { header: header?.cells.map((cell) => cell.trim()) ?? [], rows: rest };
}

interface Context {
  readonly strings: readonly string[];
  readonly dates: ReadonlySet<number>;
  readonly from1904: boolean;
}

function cellText(attributes: string, content: string, { strings, dates, from1904 }: Context): string {
  const type = /t="(\w+)"/.exec(attributes)?.[1] ?? 'n';
  if (type === 'inlineStr') return textIn(content);
  const value = unescaped(/<v(?:\s[^>]*)?>([\s\S]*?)<\/v>/.exec(content)?.[1] ?? '');
  if (type === 's') return strings[Number(value)] ?? '';
  if (type !== 'n' || value === '') return value;
  const style = Number(/s="(\d+)"/.exec(attributes)?.[1] ?? -1);
  if (dates.has(style)) return dayOf(Number(value), from1904);
  return plain(value);
}

/** `1.5E3` → `1500`; Excel writes 0.1 + 0.2 with seventeen digits, of which fifteen are meant. */
const plain = (value: string) =>
  /^-?\d+$/.test(value)
    ? value
    : Number(Number(value).toPrecision(15)).toLocaleString('en-US', {
        useGrouping: false,
        maximumFractionDigits: 12,
      });

/** Excel counts days from 1900 and believes in 29 February 1900; days before March 1900 are not among ours. A part of a day is its time. */
function dayOf(serial: number, from1904: boolean): string {
  const seconds = Math.round((serial + (from1904 ? 1462 : 0)) * 86_400);
  const text = new Date(seconds * 1000 + Date.UTC(1899, 11, 30)).toISOString();
  return seconds % 86_400 === 0 ? text.slice(0, 10) : text.slice(0, 19);
}

function dateStyles(styles: string): Set<number> {
  const own = new Map(
    [...styles.matchAll(/<numFmt\s[^>]*?numFmtId="(\d+)"[^>]*?formatCode="([^"]*)"/g)].map(([, id, code]) => [
      Number(id),
      code ?? '',
    ]),
  );
  const isDay = (id: number) =>
    (id >= 14 && id <= 22) ||
    /[dy]/i.test((own.get(id) ?? '').replace(/\[[^\]]*\]|&quot;.*?&quot;|"[^"]*"/g, ''));
  const formats = /<cellXfs[^>]*>([\s\S]*?)<\/cellXfs>/.exec(styles)?.[1] ?? '';
  const ids = [...formats.matchAll(/<xf\s[^>]*?numFmtId="(\d+)"/g)].map(([, id]) => Number(id));
  return new Set(ids.flatMap((id, at) => (isDay(id) ? [at] : [])));
}

function firstSheet(parts: ReadonlyMap<string, string>): string {
  const relation = /<sheet\s[^>]*?r:id="([^"]+)"/.exec(parts.get('xl/workbook.xml') ?? '')?.[1];
  const relations = parts.get('xl/_rels/workbook.xml.rels') ?? '';
  const found = [...relations.matchAll(/<Relationship\s[^>]*>/g)].find(([tag]) =>
    tag.includes(`Id="${relation}"`),
  );
  const target = /Target="([^"]+)"/.exec(found?.[0] ?? '')?.[1] ?? 'worksheets/sheet1.xml';
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

/** "B" → 1. */
const columnOf = (letters: string | undefined, otherwise: number) =>
  letters
    ? [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1
    : otherwise;

const textIn = (xml: string) =>
  unescaped(
    [...xml.replace(/<rPh[\s\S]*?<\/rPh>/g, '').matchAll(/<t(?:\s[^>]*)?>([\s\S]*?)<\/t>/g)]
      .map(([, text]) => text)
      .join(''),
  );

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescaped = (text: string) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, code?: string, name?: string) =>
    hex
      ? String.fromCodePoint(Number.parseInt(hex, 16))
      : code
        ? String.fromCodePoint(Number(code))
        : (NAMED[name ?? ''] ?? whole),
  );

/** The named parts as text. */
async function unzipped(bytes: Buffer, wanted: RegExp): Promise<Map<string, string>> {
  const parts = new Map<string, string>();
  let size = 0;
  try {
    const zip = await yauzl.fromBufferPromise(bytes);
    for await (const entry of zip.eachEntry()) {
      if (!wanted.test(entry.fileName)) continue;
      size += entry.uncompressedSize;
      if (size > LARGEST) throw new NotAWorkbook('too large');
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      parts.set(entry.fileName, Buffer.concat(chunks).toString('utf8'));
    }
  } catch (fault) {
    throw fault instanceof NotAWorkbook ? fault : new NotAWorkbook((fault as Error).message);
  }
  return parts;
}
