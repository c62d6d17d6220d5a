import { PLACE } from '../../payments/reading/profile.js';
import type { RowReader } from '../../payments/reading/row-reader.js';
import type { Scanner } from '../../payments/reading/scanner.js';
import { STATUSES } from '../../payments/reading/status.js';
import type { BatchRows } from './batch-rows.js';
import type { CopyRows } from './copy-rows.js';
import type { BatchDecision } from './decide-batch.js';
import type { Plan } from './plan.js';

export const PAYMENT_COLUMNS = `promotion_id, id, payer_id, amount, reversed, paid_at, batch_id, row_number, source_id, refusals, wanted,
  period, kind, status, source_ref, dossier_code, procedure_code, unit_code, channel, method, bank_ref, reverses_ref, reverses_id`;

const STATUS_BYTES = STATUSES.map((status) => Buffer.from(status));
const PAYMENT = Buffer.from('payment');
const REVERSAL = Buffer.from('reversal');
const { source_ref: SOURCE_REF, dossier_code: DOSSIER, bank_ref: BANK_REF, reverses: REVERSES } = PLACE;

export interface Reversed {
  /** Sum taken back, by row of the payment. */
  readonly amounts: ReadonlyMap<number, number>;
  /** Row of the payment taken back, by row of the reversal, where both came in this file. */
  readonly targets: ReadonlyMap<number, number>;
}

/** The second reading of the same file: every row that stays, with what was decided, as rows of COPY. */
export class SecondPass {
  private next = 0;
  private header = true;

  constructor(
    private readonly scanner: Scanner,
    private readonly reader: RowReader<unknown>,
    private readonly out: CopyRows,
    private readonly batch: {
      readonly id: number;
      readonly sourceId: number;
      readonly plan: Plan;
      readonly rows: BatchRows;
      readonly decision: BatchDecision;
      readonly reversed: Reversed;
      readonly payerId: (payer: number) => number;
      readonly rowNumberOf: () => number;
      /** A row that was dropped after the first pass, while its bytes are at hand. */
      readonly dropped: (row: number) => void;
    },
  ) {}

  take(): void {
    if (this.header) {
      this.header = false;
      return;
    }
    const { rows } = this.batch;
    const row = this.next;
    if (row >= rows.size || rows.rowNumber[row] !== this.batch.rowNumberOf()) return;
    this.next++;
    this.reader.readAgain();
    if (rows.isDropped(row)) this.batch.dropped(row);
    else this.write(row);
  }

  /** Rows the second reading met; must be all, or the file changed in between. */
  get met(): number {
    return this.next;
  }

  private write(row: number): void {
    const { out, reader } = this;
    const { plan, rows, decision, reversed } = this.batch;
    out.row(23);
    out.int(plan.promotionId);
    out.big(plan.last.payment + row + 1);
    out.big(this.batch.payerId(rows.payer[row]!));
    out.big(rows.amount[row]!);
    out.big(reversed.amounts.get(row) ?? 0);
    out.moment(rows.paidAt[row]!);
    out.int(this.batch.id);
    out.int(rows.rowNumber[row]!);
    out.int(this.batch.sourceId);
    out.int(rows.refusals(row));
    out.int(decision.wanted[row]!);
    if (decision.period[row]) out.int(decision.period[row]);
    else out.nothing();
    out.bytes(rows.isReversal(row) ? REVERSAL : PAYMENT);
    out.bytes(STATUS_BYTES[rows.status(row)]!);
    this.field(SOURCE_REF);
    this.field(DOSSIER);
    out.bytes(reader.procedure.bytes);
    out.bytes(reader.unit.bytes);
    out.bytes(reader.channel.bytes);
    out.bytes(reader.method.bytes);
    this.field(BANK_REF);
    this.field(REVERSES);
    const target = reversed.targets.get(row);
    if (target === undefined) out.nothing();
    else out.big(plan.last.payment + target + 1);
  }

  private field(field: number): void {
    this.out.optional(this.scanner.bytes, this.reader.from[field]!, this.reader.to[field]!);
  }
}
