import { FIELDS, folded, type Field, type Profile } from './profile.js';
import { columnsOf, type Columns, demandColumns } from './header.js';
import { FileFault } from './file-fault.js';

/** A record of a file as text, with its number there. */
export interface TextRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** How a rewritten file is read: our own names, plain numbers, ISO moments. */
export const CANONICAL: Profile = {
  kind: 'feed',
  numbers: 'plain',
  dates: 'iso',
  columns: Object.fromEntries(FIELDS.map((field) => [field, [field]])),
};

const HEADER_WITHIN = 60;

/** Rewrites workbooks and statements as a feed in our own form, one line per payment, each with its number in the file as sent. */
export class Canonical {
  /** Lines that are no payments. */
  passedOver = 0;
  private columns: Columns | null = null;
  private header = '';
  private seen = 0;

  constructor(private readonly profile: Profile) {}

  start(): string {
    return `row_number,${FIELDS.join(',')}\n`;
  }

  /** The line for one record; empty for what is no payment. */
  line(record: TextRecord): string {
    if (!this.columns) return this.findHeader(record);
    if (this.isHeader(record) || this.isEnd(record)) return this.passOver();
    const fields = this.profile.kind === 'statement' ? this.statement(record) : this.feed(record);
    if (!fields) return this.passOver();
    return `${record.line},${FIELDS.map((field) => quoted(fields[field] ?? '')).join(',')}\n`;
  }

  /** @throws FileFault when no header was met. */
  end(): void {
    if (!this.columns)
      throw new FileFault('header-missing', { expected: Object.keys(this.profile.columns).join(', ') });
  }

  private findHeader(record: TextRecord): string {
    const columns = this.seen++ < HEADER_WITHIN ? columnsOf(record.cells, this.profile) : null;
    if (!columns || !columns.has('amount')) return this.passOver();
    demandColumns(columns, this.profile);
    this.columns = columns;
    this.header = keyOf(record);
    return '';
  }

  private isHeader(record: TextRecord): boolean {
    return keyOf(record) === this.header;
  }

  private isEnd({ cells }: TextRecord): boolean {
    const words = (this.profile.end ?? []).map(folded);
    return cells.some((cell) => words.some((word) => folded(cell).startsWith(word)));
  }

  private feed(record: TextRecord): Partial<Record<Field, string>> {
    const fields = Object.fromEntries(FIELDS.map((field) => [field, this.cell(record, field)]));
    return {
      ...fields,
      amount: plainAmount(this.cell(record, 'amount')),
      paid_at: isoText(this.cell(record, 'paid_at')),
    };
  }

  /** Money in, with payer and dossier out of the description; null for money out and lines between. */
  private statement(record: TextRecord): Partial<Record<Field, string>> | null {
    const amount = this.cell(record, 'amount');
    const paidAt = this.cell(record, 'paid_at');
    if (amount === '' || amount === '0' || paidAt === '') return null;
    const description = this.cell(record, 'description');
    const found = Object.entries(this.profile.extract ?? {}).map(([field, pattern]) => [
      field,
      new RegExp(pattern, 'u').exec(description)?.[1] ?? '',
    ]);
    return {
      ...(Object.fromEntries(found) as Partial<Record<Field, string>>),
      source_ref: this.cell(record, 'source_ref').split(/\s/, 1)[0]!,
      amount: plainAmount(amount),
      paid_at: isoText(paidAt),
      channel: this.profile.channel ?? '',
      method: this.profile.method ?? '',
      bank_ref: this.cell(record, 'source_ref').slice(0, 64),
    };
  }

  private cell({ cells }: TextRecord, field: string): string {
    const position = this.columns?.get(field);
    return position === undefined ? '' : (cells[position] ?? '').trim();
  }

  private passOver(): string {
    this.passedOver++;
    return '';
  }
}

const keyOf = ({ cells }: TextRecord) => cells.map(folded).join('|');

/** `1.250.000`, `1,250,000`, `1.250.000,00` and `1250000.0` as digits; what is none of these stays as it is and is found. */
function plainAmount(text: string): string {
  const whole = text.replace(/\s*(VND|đ|đồng)$/i, '').replace(/[.,]0{1,2}$/, '');
  return /^-?\d{1,3}([.,])\d{3}(\1\d{3})*$/.test(whole) ? whole.replace(/[.,]/g, '') : whole;
}

/** `1/8/2022 9:30` as `2022-08-01T09:30:00`; anything else stays as it is. */
function isoText(text: string): string {
  const found = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[\s,T]+(\d{1,2})[:h](\d{2})(?::(\d{2}))?)?/.exec(text);
  if (!found) return text;
  const [day, month, year, hour = '0', minute = '00', second = '00'] = found.slice(1);
  const two = (part: string) => part.padStart(2, '0');
  return `${year}-${two(month!)}-${two(day!)}T${two(hour)}:${minute}:${second}`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
