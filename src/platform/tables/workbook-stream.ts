import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export type TableCell = string | number | boolean | null | undefined;
export type TableRow = readonly TableCell[];

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const PARTS: Record<string, string> = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET_TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${SHEET_TYPE}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  // Two looks: plain, and bold for the first line.
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
};

/**
 * A workbook of one sheet (ECMA-376), written as the rows come: a table of millions never stands in memory. Numbers are
 * numbers; texts are texts and nothing else, so that no cell is a formula and no code loses its leading zeros.
 */
export function workbookStream(head: readonly string[], rows: AsyncIterable<TableRow>): Readable {
  const zip = new ZipFile();
  // One moment for all: the same rows are the same bytes.
  const mtime = new Date(315_532_800_000);
  for (const [name, xml] of Object.entries(PARTS)) zip.addBuffer(Buffer.from(XML + xml), name, { mtime });
  const sheet = Readable.from(sheetOf(head, rows), { objectMode: false });
  const out = zip.outputStream as Readable;
  sheet.on('error', (fault) => out.destroy(fault));
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', { mtime });
  zip.end();
  return out;
}

const AT_ONCE = 65_536;

async function* sheetOf(head: readonly string[], rows: AsyncIterable<TableRow>): AsyncGenerator<string> {
  let text = `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
  text += `<row>${head.map((title) => textCell(title, ' s="1"')).join('')}</row>`;
  for await (const row of rows) {
    text += `<row>${row.map(cell).join('')}</row>`;
    if (text.length < AT_ONCE) continue;
    yield text;
    text = '';
  }
  yield `${text}</sheetData></worksheet>`;
}

function cell(value: TableCell): string {
  if (value === null || value === undefined || value === '') return '<c/>';
  if (typeof value === 'number' && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  return textCell(String(value), '');
}

const textCell = (text: string, style: string) =>
  `<c t="inlineStr"${style}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What XML cannot say is left out; a sheet's cell ends at 32.767 signs. */
const escaped = (text: string) =>
  text
    .slice(0, 32_767)
    .replace(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]|\p{Cs}/gu, '')
    .replace(/[&<>]/g, (sign) => SIGNS[sign] ?? '');
