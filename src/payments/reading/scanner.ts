import { isUtf8 } from 'node:buffer';
import { FileFault } from './file-fault.js';

const QUOTE = 34;
const LF = 10;
const CR = 13;
const MOST_FIELDS = 256;
export const LONGEST_RECORD = 1 << 20;

/**
 * Cuts a stream of bytes into records and fields without making a string: `starts` and `ends` point into `bytes` while
 * `onRecord` runs. Quotes, doubled quotes and line breaks inside them as in RFC 4180; CRLF or LF; a last line without an end.
 */
export class Scanner {
  readonly starts = new Int32Array(MOST_FIELDS);
  readonly ends = new Int32Array(MOST_FIELDS);
  bytes: Buffer = Buffer.alloc(0);
  /** Fields of the current record. */
  fields = 0;
  /** Number of the current record in the file, from 1; empty lines count, as in a spreadsheet. */
  record = 0;
  /** False while the current chunk holds a byte sequence that is not UTF-8: then every field must be looked at. */
  clean = true;
  /** Text follows a closing quote in the current record. */
  malformed = false;
  private tail: Buffer | null = null;
  private escaped: number[] = [];

  constructor(
    private readonly separator: number,
    private readonly onRecord: () => void,
  ) {}

  /** Takes the next bytes, and keeps what of them is no whole record yet. */
  push(chunk: Buffer): void {
    const bytes = this.tail ? Buffer.concat([this.tail, chunk]) : chunk;
    const taken = this.take(bytes);
    this.tail = taken < bytes.length ? Buffer.from(bytes.subarray(taken)) : null;
  }

  /**
   * Takes the whole records at the start of these bytes, which the caller may use for others afterwards.
   * @returns how many bytes that was: the rest must come again, in front of what follows.
   */
  take(bytes: Buffer): number {
    const whole = bytes.lastIndexOf(LF) + 1;
    this.clean = isUtf8(whole === bytes.length ? bytes : bytes.subarray(0, whole));
    this.bytes = bytes;
    let position = 0;
    while (position < bytes.length) {
      const next = this.scan(bytes, position);
      if (next < 0) break;
      this.hand(position, next);
      position = next;
    }
    if (bytes.length - position > LONGEST_RECORD)
      throw new FileFault('record-too-long', { record: this.record + 1 });
    return position;
  }

  /** The last record, when no line end follows it. */
  end(last: Buffer | null = this.tail): void {
    this.tail = null;
    if (!last || last.length === 0) return;
    const taken = this.take(Buffer.concat([last, Buffer.from('\n')]));
    if (taken <= last.length) throw new FileFault('quote-not-closed', { record: this.record + 1 });
  }

  /** Text of one field of the current record. */
  text(field: number): string {
    return field < 0 || field >= this.fields
      ? ''
      : this.bytes.toString('utf8', this.starts[field], this.ends[field]);
  }

  /** All fields of the current record as text. */
  texts(): string[] {
    return Array.from({ length: this.fields }, (_, field) => this.text(field));
  }

  private hand(from: number, to: number): void {
    this.record++;
    for (const field of this.escaped) this.unescape(field);
    const blank = this.fields === 1 && this.starts[0] === this.ends[0] && to - from <= 2;
    if (!blank) this.onRecord();
  }

  /** Scans one record from `position`; returns where the next one begins, or -1 when this one is not whole yet. */
  private scan(bytes: Buffer, position: number): number {
    const { starts, ends, separator } = this;
    const end = bytes.length;
    let at = position;
    let field = 0;
    if (this.escaped.length > 0) this.escaped = [];
    this.malformed = false;
    for (;;) {
      if (at < end && bytes[at] === QUOTE) {
        const closed = this.quoted(bytes, at + 1, field);
        if (closed < 0) return -1;
        at = closed;
      } else {
        starts[field] = at;
        let byte = 0;
        while (at < end && (byte = bytes[at]!) !== separator && byte !== LF) at++;
        if (at >= end) return -1;
        ends[field] = byte === LF && at > starts[field]! && bytes[at - 1] === CR ? at - 1 : at;
      }
      field++;
      if (bytes[at] === LF) {
        this.fields = field;
        return at + 1;
      }
      at++;
      if (field === MOST_FIELDS) throw new FileFault('too-many-columns', { record: this.record + 1 });
    }
  }

  /** Scans a quoted field from behind its opening quote to the separator or line end after it; -1 when not whole. */
  private quoted(bytes: Buffer, from: number, field: number): number {
    const end = bytes.length;
    let at = from;
    for (;;) {
      at = bytes.indexOf(QUOTE, at);
      if (at < 0 || at + 1 >= end) return -1;
      if (bytes[at + 1] !== QUOTE) break;
      if (this.escaped.at(-1) !== field) this.escaped.push(field);
      at += 2;
    }
    this.starts[field] = from;
    this.ends[field] = at++;
    while (at < end && bytes[at] !== this.separator && bytes[at] !== LF) {
      if (bytes[at] !== CR) this.malformed = true;
      at++;
    }
    return at < end ? at : -1;
  }

  private unescape(field: number): void {
    const { bytes, ends, starts } = this;
    let write = starts[field]!;
    for (let read = write; read < ends[field]!; read++) {
      bytes[write++] = bytes[read]!;
      if (bytes[read] === QUOTE) read++;
    }
    ends[field] = write;
  }
}
