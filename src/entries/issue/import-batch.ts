import { capacityOf } from '../../rules/eligibility/code.js';
import { dayOf, dayText } from '../../rules/eligibility/day.js';
import type { EntityManager } from 'typeorm';
import { FileFault } from '../../payments/reading/file-fault.js';
import { BatchPayers } from './batch-payers.js';
import { BatchRows } from './batch-rows.js';
import { copyText } from './database-copy.js';
import { type BatchDecision, decideBatch, NOTHING_EARNED, periodFinder, type Prior } from './decide-batch.js';
import { FirstPass, type Gathered } from './first-pass.js';
import {
  copyPayers,
  earnedBefore,
  knownPayers,
  knownPayments,
  waitingReversals,
  type KnownPayment,
} from './known-before.js';
import type { Vault } from '../../platform/crypto/vault.js';
import type { ImportFile, Imported, Progress } from './import-file.js';
import { indexAndAttach, makeBare } from './partitions.js';
import { PayerSpool } from './payer-spool.js';
import { PaymentSpool } from './payment-spool.js';
import type { Plan } from './plan.js';
import { expectedRows, readThrough } from './read-file.js';
import { SetAside } from './set-aside.js';
import { SpoolFile } from './spool-file.js';
import { type Reversed, takenBack } from './taken-back.js';
import { Tallies, type Tally } from './tallies.js';
import { writeEntries } from './write-entries.js';
import { writePayments } from './write-payments.js';

/** From here on a file is worth more of the server's memory for sorting, joining and indexing. */
const LARGE = 8 * 1_048_576;
const MORE_MEMORY = `select set_config('maintenance_work_mem', '256MB', true), set_config('work_mem', '64MB', true)`;

/** Loads one file into the open transaction: all of it, or an exception and nothing. */
export class BatchImport {
  private readonly gathered: Gathered;
  private readonly isFirst: boolean;
  private readonly periodOf: (paidAt: number) => number;
  private payerIds: Float64Array | null = null;
  private addedPayers = 0;

  constructor(
    private readonly tx: EntityManager,
    private readonly plan: Plan,
    private readonly file: ImportFile & { readonly start: Buffer },
    vault: Vault,
  ) {
    this.isFirst = plan.last.batch === 0;
    const { promotionId } = plan;
    const find = periodFinder(plan.periods);
    this.periodOf = plan.terms.cutoffBy === 'recorded' ? () => find(plan.recordedAt) : find;
    const spool = { promotionId, firstId: plan.last.payer + 1, keepMarks: plan.exclusions.size > 0 };
    const kept = (name: string) =>
      new SpoolFile(`${file.folder}/${name}.copy`, file.inMemory ? Infinity : undefined);
    this.gathered = {
      rows: new BatchRows(expectedRows(file.start, file.bytes)),
      payers: new BatchPayers(),
      spool: new PayerSpool(kept('payers'), vault.keys, spool),
      texts: new PaymentSpool(kept('payments')),
      aside: new SetAside(file.folder, vault, { id: file.batchId, promotionId }),
      tallies: new Tallies(),
    };
  }

  async run(progress: Progress): Promise<Imported> {
    try {
      return await this.load(progress);
    } catch (fault) {
      await this.gathered.spool.abandon();
      this.gathered.texts.file.abandon();
      this.gathered.aside.abandon();
      throw fault;
    }
  }

  private async load(progress: Progress): Promise<Imported> {
    const { rows, spool, aside, tallies } = this.gathered;
    if (this.file.bytes > LARGE) await this.tx.query(MORE_MEMORY);
    const pass = await this.firstReading(progress);
    const dropped = this.isFirst ? 0 : await this.known(pass);
    const waiting = this.isFirst ? [] : await waitingReversals(this.tx, this.plan, this.file.sourceId);
    const reversed = takenBack(rows, pass.reversals, waiting);
    rows.endLookups();
    this.gathered.payers.endLookups();
    const excluded = await this.excluded();
    const prior = this.isFirst
      ? NOTHING_EARNED
      : await earnedBefore(this.tx, this.plan, this.gathered.payers.size);
    const decision = this.decide(prior, excluded, reversed);
    rows.forgetReferences();
    if (this.isFirst) await makeBare(this.tx, this.plan.promotionId);
    await this.payments(decision, reversed, progress);
    if (this.isFirst) await this.firstPayers();
    await writeEntries(this.tx, this.plan, decision, (row) => this.payerId(rows.payer[row]!));
    if (this.isFirst) await indexAndAttach(this.tx, this.plan.promotionId);
    await spool.end();
    await this.copyAside();
    return {
      tallies,
      payments: rows.size - dropped,
      lastPayment: this.plan.last.payment + rows.size,
      payers: this.addedPayers,
      entries: decision.entries,
      conflicts: aside.conflicts,
      passedOver: 0,
    };
  }

  private async firstReading(progress: Progress): Promise<FirstPass> {
    let pass: FirstPass | undefined;
    await readThrough(
      this.file.path,
      this.file,
      (scanner) => {
        const first = (pass = new FirstPass(scanner, this.file.profile, this.plan, this.gathered));
        return () => first.take();
      },
      async (bytes, rows) => {
        await this.gathered.spool.keepUp();
        await this.gathered.texts.file.keepUp();
        await this.gathered.aside.keepUp();
        await progress(bytes, rows);
      },
    );
    if (!pass?.reader) throw new FileFault('empty');
    return pass;
  }

  /** Payers and payments we hold already: repeats are dropped here, contradictions are kept for a person. */
  private async known(pass: FirstPass): Promise<number> {
    const { rows, payers, spool } = this.gathered;
    await spool.end();
    const found = await knownPayers(this.tx, this.plan, spool.file, payers.size);
    this.payerIds = found.ids;
    this.addedPayers = found.added;
    const from = { sourceId: this.file.sourceId, rows, ids: found.ids, reversals: pass.reversals };
    const known = await knownPayments(this.tx, this.plan, from);
    for (const { row } of known) rows.drop(row);
    await this.setAside(pass, known);
    return known.length;
  }

  private async excluded(): Promise<Uint8Array | null> {
    const { spool, payers } = this.gathered;
    const { exclusions } = this.plan;
    if (exclusions.size === 0) return null;
    await spool.end();
    const marks = Buffer.concat(spool.marks);
    const isExcluded = (at: number) => exclusions.has(marks.toString('latin1', at, at + 32));
    return Uint8Array.from({ length: payers.size }, (_, payer) =>
      isExcluded(payer * 64) || isExcluded(payer * 64 + 32) ? 1 : 0,
    );
  }

  private decide(prior: Prior, excluded: Uint8Array | null, reversed: Reversed): BatchDecision {
    const { rows, payers, tallies } = this.gathered;
    const decision = decideBatch(rows, payers, this.plan, prior, excluded, reversed.amounts);
    const left = capacityOf(this.plan.format) - this.plan.last.entry;
    if (decision.entries > left) throw new FileFault('capacity', { needed: decision.entries, left });
    for (const row of decision.order) {
      if (rows.isDropped(row)) continue;
      const tally = tallies.at(dayOf(rows.paidAt[row]!), decision.period[row]!);
      tally.received++;
      tally[rows.refusals(row) === 0 ? 'eligible' : 'refused']++;
      tally.amount += rows.isReversal(row) ? -rows.amount[row]! : rows.amount[row]!;
      tally.issued += decision.granted[row]!;
    }
    return decision;
  }

  private async payments(decision: BatchDecision, reversed: Reversed, progress: Progress): Promise<void> {
    const { rows, texts } = this.gathered;
    const { batchId, sourceId, bytes } = this.file;
    const payerIdOf = (row: number) => this.payerId(rows.payer[row]!);
    const batch = { id: batchId, sourceId, rows, texts, decision, reversed, payerIdOf };
    await writePayments(this.tx, this.plan, batch, (written) =>
      progress(bytes + Math.floor((bytes * written) / rows.size), written),
    );
  }

  /** Rows whose reference we held before: the same, or a contradiction, kept as it stands in the file. */
  private async setAside(pass: FirstPass, known: readonly KnownPayment[]): Promise<void> {
    const { rows } = this.gathered;
    for (const { row, differs } of known) {
      const tally = this.tallyOf(row);
      tally.received++;
      tally[differs.length === 0 ? 'duplicate' : 'quarantined']++;
    }
    const contradictions = known.filter(({ differs }) => differs.length > 0);
    if (contradictions.length === 0) return;
    let met = 0;
    await readThrough(
      this.file.path,
      this.file,
      (scanner) => {
        const reader = pass.readerFor(scanner);
        return () => {
          const next = contradictions[met];
          if (!next || rows.rowNumber[next.row] !== pass.rowNumberIn(scanner)) return;
          reader.place();
          this.addConflict(next, reader.cells());
          met++;
        };
      },
      () => this.gathered.aside.keepUp(),
    );
  }

  private addConflict({ row, id, differs }: KnownPayment, cells: string[]): void {
    const { rows, aside } = this.gathered;
    const rowNumber = rows.rowNumber[row]!;
    const paidAt = rows.paidAt[row]!;
    const at = {
      rowNumber,
      paymentId: id,
      differs,
      day: dayText(dayOf(paidAt)),
      period: this.periodOf(paidAt),
    };
    aside.addConflict(at, { cells, findings: [] });
  }

  private tallyOf(row: number): Tally {
    const paidAt = this.gathered.rows.paidAt[row]!;
    return this.gathered.tallies.at(dayOf(paidAt), this.periodOf(paidAt));
  }

  private payerId(payer: number): number {
    return this.payerIds ? this.payerIds[payer]! : this.plan.last.payer + 1 + payer;
  }

  private async firstPayers(): Promise<void> {
    const { spool, payers } = this.gathered;
    await spool.end();
    await copyPayers(this.tx, `payer_${this.plan.promotionId}`, spool.file, true);
    this.addedPayers = payers.size;
  }

  private async copyAside(): Promise<void> {
    const { aside } = this.gathered;
    const row = 'batch_id, row_number, codes, columns, day, period, sealed';
    await copyText(this.tx, `quarantined_row (${row})`, aside.quarantine);
    const conflict = 'promotion_id, batch_id, row_number, payment_id, differs, day, period, sealed';
    await copyText(this.tx, `payment_conflict (${conflict})`, aside.conflict);
  }
}
