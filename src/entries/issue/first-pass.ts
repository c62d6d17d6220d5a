import { bitOf, maskOf } from '../../rules/eligibility/refusal.js';
import { dayOf, dayText } from '../../rules/eligibility/day.js';
import type { Terms } from '../../rules/eligibility/terms.js';
import { digitsAt } from '../../payments/reading/bytes.js';
import { Dictionary, type Word } from '../../payments/reading/dictionary.js';
import { type Columns, columnsOf, demandColumns } from '../../payments/reading/header.js';
import { FileFault } from '../../payments/reading/file-fault.js';
import { payerKindOf } from '../../payments/reading/payer-key.js';
import { PLACE, type Profile } from '../../payments/reading/profile.js';
import { RowReader } from '../../payments/reading/row-reader.js';
import type { Scanner } from '../../payments/reading/scanner.js';
import { BatchPayers } from './batch-payers.js';
import type { BatchRows } from './batch-rows.js';
import type { CopyRows } from './copy-rows.js';
import { periodFinder } from './decide-batch.js';
import type { PayerSpool } from './payer-spool.js';
import type { PaymentSpool } from './payment-spool.js';
import type { Plan } from './plan.js';
import type { SetAside } from './set-aside.js';
import type { Tallies } from './tallies.js';

/** What the terms say of one value of a column: refused or not, and how often its entries count. */
export interface Verdict {
  readonly refusal: number;
  readonly times: number;
}
export type Words = Record<'channel' | 'method' | 'procedure' | 'unit', Dictionary<Verdict>>;

export interface Gathered {
  readonly rows: BatchRows;
  readonly payers: BatchPayers;
  readonly spool: PayerSpool;
  readonly texts: PaymentSpool;
  readonly aside: SetAside;
  readonly tallies: Tallies;
}

/** What the first reading writes to. */
export interface Destination extends Gathered {
  /** References, row by row, for whoever compares them. */
  readonly references: CopyRows | null;
}

const { full_name: NAME } = PLACE;
const REVERSAL = bitOf('reversal');
const NOT_SETTLED = bitOf('not-settled');
const PAYER_KIND = bitOf('payer-kind');

/** The first reading of a file: checks every row, drops repeats, gathers what decides, sets aside what a person must see. */
export class FirstPass {
  reader: RowReader<Verdict> | null = null;
  /** References that reversals take back, by the row of the reversal. */
  readonly reversals = new Map<number, string>();
  private readonly words: Words;
  private readonly periodAt: (at: number) => number;
  private columns: Columns = new Map();
  private rowNumberColumn = -1;

  constructor(
    private readonly scanner: Scanner,
    private readonly profile: Profile,
    private readonly plan: Plan,
    private readonly to: Destination,
  ) {
    this.words = wordsOf(plan.terms);
    const find = periodFinder(plan.periods);
    this.periodAt = plan.terms.cutoffBy === 'recorded' ? () => find(plan.recordedAt) : find;
  }

  take(): void {
    const { reader, scanner } = this;
    if (!reader) return this.takeHeader();
    const rowNumber = this.rowNumberIn(scanner);
    if (!reader.read()) return this.quarantine(reader, rowNumber);
    const from = reader.from[0]!;
    const to = reader.to[0]!;
    const known = this.to.rows.claim(scanner.bytes, from, to);
    if (known >= 0) this.repeat(reader, known, rowNumber);
    else this.gather(reader, this.to.rows.size - 1, rowNumber);
  }

  private refer(row: number, from: number, to: number): void {
    const { references } = this.to;
    if (!references) return;
    references.row(2);
    references.int(row);
    references.bytes(this.scanner.bytes, from, to);
  }

  /** The same columns and dictionaries for another reading of the file. */
  readerFor(scanner: Scanner): RowReader<Verdict> {
    return new RowReader(scanner, this.columns, this.profile, { latest: Infinity, words: this.words });
  }

  /** The number of the current record in the file as it was sent. */
  rowNumberIn({ bytes, starts, ends, record }: Scanner): number {
    const column = this.rowNumberColumn;
    return column < 0 ? record : digitsAt(bytes, starts[column]!, ends[column]!);
  }

  private takeHeader(): void {
    const record = this.scanner.texts();
    const columns = columnsOf(record, this.profile);
    if (!columns)
      throw new FileFault('header-missing', { expected: Object.keys(this.profile.columns).join(', ') });
    demandColumns(columns, this.profile);
    this.columns = columns;
    this.rowNumberColumn = record.indexOf('row_number');
    const latest = this.plan.recordedAt + 600;
    this.reader = new RowReader(this.scanner, columns, this.profile, { latest, words: this.words });
  }

  private gather(reader: RowReader<Verdict>, row: number, rowNumber: number): void {
    const { rows, payers, spool } = this.to;
    let payer = payers.find(reader.payerKey);
    if (payer < 0) {
      payer = payers.add(reader.payerKey);
      spool.add(reader.payerKey, reader.phone, this.scanner.bytes, reader.from[NAME]!, reader.to[NAME]!);
    }
    rows.rowNumber[row] = rowNumber;
    rows.payer[row] = payer;
    rows.paidAt[row] = reader.paidAt;
    rows.amount[row] = reader.amount;
    const refusals = reader.isReversal ? REVERSAL : this.refusals(reader);
    const times = Math.max(
      reader.channel.known.times,
      reader.method.known.times,
      reader.procedure.known.times,
      reader.unit.known.times,
    );
    rows.describe(row, refusals, reader.status, reader.isReversal, times);
    if (reader.isReversal) this.reversals.set(row, reader.text('reverses'));
    this.to.texts.add(reader, this.scanner.bytes);
    this.refer(row, reader.from[0]!, reader.to[0]!);
  }

  private refusals(reader: RowReader<Verdict>): number {
    const { terms } = this.plan;
    const of = (word: Word<Verdict>) => word.known.refusal;
    let refusals = of(reader.channel) | of(reader.method) | of(reader.procedure) | of(reader.unit);
    if (terms.settledOnly && reader.status !== 0) refusals |= NOT_SETTLED;
    if (terms.payerKinds && !terms.payerKinds.includes(payerKindOf(reader.payerKey))) refusals |= PAYER_KIND;
    return refusals;
  }

  /** A reference seen before in this file: equal is a duplicate, anything else waits for a person. */
  private repeat(reader: RowReader<Verdict>, known: number, rowNumber: number): void {
    const { rows, aside, payers, tallies } = this.to;
    const differs: string[] = [];
    if (rows.amount[known] !== reader.amount) differs.push('amount');
    if (rows.payer[known] !== payers.find(reader.payerKey)) differs.push('payer');
    if (rows.paidAt[known] !== reader.paidAt) differs.push('paid_at');
    if (rows.status(known) !== reader.status) differs.push('status');
    const reverses = reader.isReversal ? reader.text('reverses') : undefined;
    if (this.reversals.get(known) !== reverses) differs.push('reverses');
    const day = dayOf(reader.paidAt);
    const period = this.periodAt(reader.paidAt);
    const tally = tallies.at(day, period);
    tally.received++;
    if (differs.length === 0) {
      tally.duplicate++;
      return;
    }
    tally.quarantined++;
    const paymentId = this.plan.last.payment + known + 1;
    aside.addConflict(
      { rowNumber, paymentId, differs, day: dayText(day), period },
      { cells: reader.cells(), findings: [] },
    );
  }

  private quarantine(reader: RowReader<Verdict>, rowNumber: number): void {
    const known = reader.paidAt > 0 && !reader.findings.some((finding) => finding.column === 'paid_at');
    const day = known ? dayOf(reader.paidAt) : null;
    const period = known ? this.periodAt(reader.paidAt) : 0;
    const tally = this.to.tallies.at(day, period);
    tally.received++;
    tally.quarantined++;
    const row = { cells: reader.cells(), findings: reader.findings };
    this.to.aside.addRow(rowNumber, day === null ? null : dayText(day), period, row);
  }
}

function wordsOf(terms: Terms): Words {
  const word = (field: keyof Words, allowed: readonly string[] | null) =>
    new Dictionary<Verdict>((text) => ({
      refusal: allowed && !allowed.includes(text) ? maskOf([field]) : 0,
      times: Math.max(
        1,
        ...terms.entries.factors
          .filter((factor) => factor.field === field && factor.value === text)
          .map((factor) => factor.times),
      ),
    }));
  return {
    channel: word('channel', terms.channels),
    method: word('method', terms.methods),
    procedure: word('procedure', terms.procedures),
    unit: word('unit', terms.units),
  };
}
