import { isUtf8 } from 'node:buffer';
import { isTaxCode } from '../../rules/eligibility/identity.js';
import { amountAt } from './amount.js';
import { digitsAt, isPlain } from './bytes.js';
import { Dictionary, type Word } from './dictionary.js';
import type { Finding, FindingCode } from './finding.js';
import type { Columns } from './header.js';
import { dmyMoment, isoMoment } from './moment.js';
import { phoneDigits } from './phone.js';
import { FIELDS, type Field, PLACE, type Profile } from './profile.js';
import { isReference } from './reference.js';
import type { Scanner } from './scanner.js';
import { statusOf } from './status.js';

const { source_ref: SOURCE_REF, dossier_code: DOSSIER, procedure_code: PROCEDURE, unit_code: UNIT } = PLACE;
const { national_id: NATIONAL_ID, tax_code: TAX_CODE, full_name: NAME, phone: PHONE } = PLACE;
const { amount: AMOUNT, paid_at: PAID_AT, channel: CHANNEL, method: METHOD, bank_ref: BANK_REF } = PLACE;
const { status: STATUS, reverses: REVERSES } = PLACE;
const LONGEST = [64, 64, 64, 64, 32, 32, 400, 40, 32, 40, 64, 64, 64, 40, 64];

const APOSTROPHE = 39;
/** `= + - @`: spreadsheets put an apostrophe before them, and so do our own files of findings. */
const isFormulaSign = (byte: number) => byte === 61 || byte === 43 || byte === 45 || byte === 64;

/**
 * Reads and checks one record after another. After `read()` the numbers of the row are its properties and the place of
 * each field is in `from` and `to`; `findings` says what is wrong, all of it. No string is made for a row without fault.
 */
export class RowReader<T> {
  readonly from = new Int32Array(FIELDS.length);
  readonly to = new Int32Array(FIELDS.length);
  amount = 0;
  /** Whole seconds since 1970. */
  paidAt = 0;
  status = 0;
  isReversal = false;
  /** Identity of the payer as one number: digits times four plus the kind. Exact, never a hash. */
  payerKey = 0;
  /** National digits of the phone (nine or ten, no leading zero), 0 when none is given. */
  phone = 0;
  channel!: Word<T>;
  method!: Word<T>;
  procedure!: Word<T>;
  unit!: Word<T>;
  findings: Finding[] = [];
  private readonly positions: Int32Array;
  private readonly width: number;
  private readonly group: number;
  private readonly moment: typeof isoMoment;
  private readonly statuses = new Dictionary(statusOf);

  constructor(
    private readonly scanner: Scanner,
    columns: Columns,
    profile: Profile,
    private readonly context: {
      latest: number;
      words: Record<'channel' | 'method' | 'procedure' | 'unit', Dictionary<T>>;
    },
  ) {
    this.positions = Int32Array.from(FIELDS, (field) => columns.get(field) ?? -1);
    this.width = Math.max(...this.positions) + 1;
    this.group = { plain: 0, vi: 46, en: 44 }[profile.numbers];
    this.moment = profile.dates === 'dmy' ? dmyMoment : isoMoment;
  }

  /** True when the row can be taken. */
  read(): boolean {
    if (this.findings.length > 0) this.findings = [];
    this.place();
    this.readReference();
    this.readPayer();
    this.readAmount();
    this.readMoment();
    this.readWords();
    if (!this.scanner.clean) this.checkEncoding();
    return this.findings.length === 0;
  }

  text(field: Field): string {
    const index = FIELDS.indexOf(field);
    return this.scanner.bytes.toString('utf8', this.from[index], this.to[index]);
  }

  /** The row as it came, in our order of fields; of a row that was not `read`, `place` it first. */
  cells(): string[] {
    return Array.from(this.from, (from, field) => this.scanner.bytes.toString('utf8', from, this.to[field]));
  }

  /** Finds where the fields of the record are. */
  place(): void {
    const { from, to, positions, scanner } = this;
    const { bytes, starts, ends, fields } = scanner;
    for (let field = 0; field < positions.length; field++) {
      const position = positions[field]!;
      let start = 0;
      let end = 0;
      if (position >= 0 && position < fields) {
        start = starts[position]!;
        end = ends[position]!;
        while (start < end && bytes[start]! <= 32) start++;
        while (end > start && bytes[end - 1]! <= 32) end--;
        if (end - start > 1 && bytes[start] === APOSTROPHE && isFormulaSign(bytes[start + 1]!)) start++;
        if (end - start > LONGEST[field]!) this.find(field, 'too-long');
      }
      from[field] = start;
      to[field] = end;
    }
    if (scanner.malformed) this.find(-1, 'quotes');
    if (fields < this.width) this.find(-1, 'columns');
  }

  private readReference(): void {
    this.isReversal = this.has(REVERSES);
    if (!this.has(SOURCE_REF)) return this.find(SOURCE_REF, 'missing');
    this.checkReference(SOURCE_REF);
    if (this.isReversal) this.checkReference(REVERSES);
    if (this.isReversal && this.text('source_ref') === this.text('reverses'))
      this.find(REVERSES, 'reverses-itself');
  }

  private checkReference(field: number): void {
    if (!isReference(this.scanner.bytes, this.from[field]!, this.to[field]!)) this.find(field, 'characters');
  }

  private readPayer(): void {
    this.phone = this.has(PHONE) ? phoneDigits(this.scanner.bytes, this.from[PHONE]!, this.to[PHONE]!) : 0;
    if (this.phone < 0) this.find(PHONE, 'phone');
    this.payerKey = 0;
    if (this.has(NATIONAL_ID)) {
      const digits = digitsAt(this.scanner.bytes, this.from[NATIONAL_ID]!, this.to[NATIONAL_ID]!);
      if (digits <= 0 || this.length(NATIONAL_ID) !== 12) this.find(NATIONAL_ID, 'national-id');
      this.payerKey = digits * 4;
    }
    if (this.has(TAX_CODE)) this.readTaxCode();
    if (this.payerKey === 0 && this.phone > 0) this.payerKey = this.phone * 4 + 3;
    if (this.payerKey === 0 && this.findings.length === 0) this.find(-1, 'payer-missing');
    const { bytes } = this.scanner;
    for (let at = this.from[NAME]!; at < this.to[NAME]!; at++) {
      const byte = bytes[at]!;
      if (byte < 32 || byte === 127) return this.find(NAME, 'characters');
      if (byte === 0xc2 && bytes[at + 1] !== 0xa0) return this.find(NAME, 'legacy-letters');
    }
  }

  private readTaxCode(): void {
    const text = this.text('tax_code');
    if (/^\d{12}$/.test(text)) {
      if (this.payerKey === 0) this.payerKey = Number(text) * 4;
      return;
    }
    if (!isTaxCode(text)) return this.find(TAX_CODE, 'tax-code');
    const digits = text.replace('-', '');
    if (this.payerKey === 0) this.payerKey = Number(digits) * 4 + (digits.length === 10 ? 1 : 2);
  }

  private readAmount(): void {
    if (!this.has(AMOUNT)) return this.find(AMOUNT, 'missing');
    const amount = amountAt(this.scanner.bytes, this.from[AMOUNT]!, this.to[AMOUNT]!, this.group);
    if (Number.isNaN(amount)) return this.find(AMOUNT, 'amount');
    if (amount === 0) return this.find(AMOUNT, 'amount-zero');
    if (amount < 0 && !this.isReversal) return this.find(AMOUNT, 'amount-negative');
    this.amount = Math.abs(amount);
  }

  private readMoment(): void {
    if (!this.has(PAID_AT)) return this.find(PAID_AT, 'missing');
    const { bytes } = this.scanner;
    this.paidAt = this.moment(bytes, this.from[PAID_AT]!, this.to[PAID_AT]!);
    if (this.paidAt > this.context.latest) this.find(PAID_AT, 'moment-future');
    if (!Number.isNaN(this.paidAt)) return;
    this.find(PAID_AT, /^\d{5}([.,]\d+)?$/.test(this.text('paid_at')) ? 'moment-serial' : 'moment');
  }

  private readWords(): void {
    const { bytes } = this.scanner;
    const { from, to } = this;
    this.lookUp();
    this.status = this.statuses.at(bytes, from[STATUS]!, to[STATUS]!).known;
    if (this.status < 0) this.find(STATUS, 'status');
    if (!isPlain(bytes, from[DOSSIER]!, to[DOSSIER]!)) this.find(DOSSIER, 'characters');
    if (!isPlain(bytes, from[BANK_REF]!, to[BANK_REF]!)) this.find(BANK_REF, 'characters');
    if (!this.channel.isPlain) this.find(CHANNEL, 'characters');
    if (!this.method.isPlain) this.find(METHOD, 'characters');
    if (!this.procedure.isPlain) this.find(PROCEDURE, 'characters');
    if (!this.unit.isPlain) this.find(UNIT, 'characters');
  }

  private lookUp(): void {
    const { bytes } = this.scanner;
    const { from, to } = this;
    const { words } = this.context;
    this.channel = words.channel.at(bytes, from[CHANNEL]!, to[CHANNEL]!);
    this.method = words.method.at(bytes, from[METHOD]!, to[METHOD]!);
    this.procedure = words.procedure.at(bytes, from[PROCEDURE]!, to[PROCEDURE]!);
    this.unit = words.unit.at(bytes, from[UNIT]!, to[UNIT]!);
  }

  private checkEncoding(): void {
    for (let field = 0; field < FIELDS.length; field++)
      if (this.has(field) && !isUtf8(this.scanner.bytes.subarray(this.from[field], this.to[field])))
        this.find(field, 'not-utf8');
  }

  private has(field: number): boolean {
    return this.to[field]! > this.from[field]!;
  }

  private length(field: number): number {
    return this.to[field]! - this.from[field]!;
  }

  private find(field: number, code: FindingCode): void {
    const got =
      field < 0
        ? ''
        : this.scanner.bytes.toString(
            'utf8',
            this.from[field],
            Math.min(this.to[field]!, this.from[field]! + 200),
          );
    this.findings.push({ column: FIELDS[field] ?? 'row', code, got });
  }
}
