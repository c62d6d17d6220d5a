import { PLACE } from '../../payments/reading/profile.js';
import type { RowReader } from '../../payments/reading/row-reader.js';
import { STATUSES } from '../../payments/reading/status.js';
import { CopyFields } from './copy-fields.js';
import { SpoolFile } from './spool-file.js';

const SIZE = 1 << 16;
const SPARE = 1 << 13;
const STATUS_BYTES = STATUSES.map((status) => Buffer.from(status));
const PAYMENT = Buffer.from('payment');
const REVERSAL = Buffer.from('reversal');
const { source_ref: SOURCE_REF, dossier_code: DOSSIER, bank_ref: BANK_REF, reverses: REVERSES } = PLACE;

/** The columns of `payment` that the spool holds, in its order. */
export const TEXT_COLUMNS =
  'kind, status, source_ref, dossier_code, procedure_code, unit_code, channel, method, bank_ref, reverses_ref';
export const TEXTS = TEXT_COLUMNS.split(', ').length;

/**
 * What a payment says in words, kept as fields of COPY while the file is read, until it is decided: so the file is read
 * once. One row: length of its fields (two bytes, little end first), fields.
 */
export class PaymentSpool extends CopyFields {
  constructor(readonly file: SpoolFile) {
    super(Buffer.allocUnsafeSlow(SIZE + SPARE));
  }

  add(reader: RowReader<unknown>, bytes: Buffer): void {
    if (this.at >= SIZE) this.turn();
    const start = this.at;
    const { from, to } = reader;
    this.at += 2;
    this.bytes(reader.isReversal ? REVERSAL : PAYMENT);
    this.bytes(STATUS_BYTES[reader.status]!);
    this.bytes(bytes, from[SOURCE_REF], to[SOURCE_REF]);
    this.optional(bytes, from[DOSSIER]!, to[DOSSIER]!);
    this.bytes(reader.procedure.bytes);
    this.bytes(reader.unit.bytes);
    this.bytes(reader.channel.bytes);
    this.bytes(reader.method.bytes);
    this.optional(bytes, from[BANK_REF]!, to[BANK_REF]!);
    this.optional(bytes, from[REVERSES]!, to[REVERSES]!);
    this.block.writeUInt16LE(this.at - start - 2, start);
  }

  /** All rows in order, in pieces of whole rows. */
  async *rows(): AsyncGenerator<Buffer> {
    if (this.at > 0) this.turn();
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of this.file.pieces()) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      let end = 0;
      while (end + 2 <= bytes.length && end + 2 + bytes.readUInt16LE(end) <= bytes.length)
        end += 2 + bytes.readUInt16LE(end);
      yield bytes.subarray(0, end);
      rest = bytes.subarray(end);
    }
  }

  private turn(): void {
    this.file.write(this.block.subarray(0, this.at));
    this.block = Buffer.allocUnsafeSlow(SIZE + SPARE);
    this.at = 0;
  }
}
