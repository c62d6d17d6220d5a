import { setImmediate } from 'node:timers/promises';
import { capacityOf } from '../../rules/eligibility/code.js';
import { dayOf } from '../../rules/eligibility/day.js';
import type { EntityManager } from 'typeorm';
import { FileFault } from '../../payments/reading/file-fault.js';
import { BatchPayers } from './batch-payers.js';
import { BatchRows } from './batch-rows.js';
import { copyText, OpenCopy } from './database-copy.js';
import { type BatchDecision, decideBatch, NOTHING_EARNED, type Prior } from './decide-batch.js';
import { FileReading } from './file-reading.js';
import type { FirstPass, Gathered } from './first-pass.js';
import {
  earnedBefore,
  knownPayers,
  knownPayments,
  waitingReversals,
  withReferences,
} from './known-before.js';
import type { Vault } from '../../platform/crypto/vault.js';
import { type ImportFile, type Imported, LARGE, type Progress } from './import-file.js';
import { MARKS } from './payer-sealer.js';
import { PayerSpool } from './payer-spool.js';
import { PaymentSpool } from './payment-spool.js';
import type { Plan } from './plan.js';
import { expectedRows } from './read-file.js';
import {
  attachSegment,
  attachTables,
  indexPayers,
  makeSegment,
  makeTables,
  SEGMENT,
  type Segment,
} from './segments.js';
import { SetAside } from './set-aside.js';
import { SpoolFile } from './spool-file.js';
import { type Reversed, takenBack } from './taken-back.js';
import { Tallies } from './tallies.js';
import { writeEntries } from './write-entries.js';
import { writePayments } from './write-payments.js';

const MORE_MEMORY = `select set_config('maintenance_work_mem', '256MB', true), set_config('work_mem', '64MB', true)`;

/** Loads one file into the open transaction: all of it, or an exception and nothing. */
export class BatchImport {
  private readonly gathered: Gathered;
  private readonly isFirst: boolean;
  private readonly reading: FileReading;
  private payerIds: Float64Array | null = null;
  private addedPayers = 0;

  constructor(
    private readonly tx: EntityManager,
    private readonly plan: Plan,
    private readonly file: ImportFile & { readonly start: Buffer; readonly segment: Segment },
    vault: Vault,
  ) {
    this.isFirst = plan.last.batch === 0;
    const { promotionId } = plan;
    this.gathered = {
      rows: new BatchRows(expectedRows(file.start, file.bytes)),
      payers: new BatchPayers(),
      spool: new PayerSpool(vault.keys, promotionId),
      texts: new PaymentSpool(
        new SpoolFile(`${file.folder}/payments.copy`, file.inMemory ? Infinity : undefined),
      ),
      aside: new SetAside(file.folder, vault, { id: file.batchId, promotionId }),
      tallies: new Tallies(),
    };
    this.reading = new FileReading(plan, file, this.gathered);
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
    const { rows, aside, tallies } = this.gathered;
    const { segment } = this.file;
    if (this.file.bytes > LARGE) await this.tx.query(MORE_MEMORY);
    const pass = this.isFirst ? await this.readNew(progress) : await this.readMore(progress);
    const dropped = this.isFirst ? 0 : await this.known(pass);
    const waiting = this.isFirst ? [] : await waitingReversals(this.tx, this.plan, this.file.sourceId);
    const reversed = takenBack(rows, pass.reversals, waiting);
    rows.endLookups();
    this.gathered.payers.endLookups();
    const excluded = this.excluded();
    const prior = this.isFirst ? NOTHING_EARNED : await earnedBefore(this.tx, this.plan, this.payerIds!);
    const [decision] = await Promise.all([
      this.decided(prior, excluded, reversed),
      this.isFirst && indexPayers(this.tx, this.plan.promotionId),
    ]);
    rows.forgetReferences();
    if (segment.isNew) await makeSegment(this.tx, segment);
    await this.payments(decision, reversed, progress);
    await writeEntries(this.tx, this.plan, decision, (row) => this.payerId(rows.payer[row]!));
    if (segment.isNew) await attachSegment(this.tx, segment);
    if (this.isFirst) await attachTables(this.tx, this.plan.promotionId);
    await this.copyAside();
    return {
      tallies,
      payments: rows.size - dropped,
      lastPayment: Math.max(segment.before + rows.size, segment.number * SEGMENT),
      payers: this.addedPayers,
      entries: decision.entries,
      conflicts: aside.conflicts,
      passedOver: 0,
    };
  }

  /** Reads a promotion's first file: everybody is new, and goes into the database meanwhile. */
  private async readNew(progress: Progress): Promise<FirstPass> {
    const { spool, payers } = this.gathered;
    await makeTables(this.tx, this.plan.promotionId);
    const keepMarks = this.plan.exclusions.size > 0;
    spool.sealInto({ copy: await this.copyOfPayers(), firstId: 1, keepMarks });
    const pass = await this.reading.whole(progress, null);
    await spool.end();
    this.addedPayers = payers.size;
    return pass;
  }

  /** Reads a later file: its references go into the database meanwhile, to be compared with those we hold. */
  private async readMore(progress: Progress): Promise<FirstPass> {
    let pass: FirstPass | undefined;
    await withReferences(this.tx, async (references) => {
      pass = await this.reading.whole(progress, references);
    });
    return pass!;
  }

  private copyOfPayers(): Promise<OpenCopy> {
    const columns = 'promotion_id, id, kind, identity_mark, phone_mark, sealed';
    return OpenCopy.begin(this.tx, `payer_${this.plan.promotionId} (${columns})`, this.isFirst);
  }

  /** Payers and payments we hold already: repeats are dropped here, contradictions are kept for a person. */
  private async known(pass: FirstPass): Promise<number> {
    const { rows, payers, spool } = this.gathered;
    await spool.settled();
    const found = await knownPayers(this.tx, this.plan, spool.marks, payers.size);
    this.payerIds = found.ids;
    this.addedPayers = found.added;
    const { payer: last } = this.plan.last;
    const target = { copy: await this.copyOfPayers(), firstId: last + 1, keepMarks: false };
    await spool.sealKept(target, (payer) => found.ids[payer]! > last);
    await spool.end();
    const from = { sourceId: this.file.sourceId, rows, ids: found.ids, reversals: pass.reversals };
    const known = await knownPayments(this.tx, this.plan, from);
    for (const { row } of known) rows.drop(row);
    await this.reading.setAside(pass, known);
    return known.length;
  }

  private excluded(): Uint8Array | null {
    const { spool, payers } = this.gathered;
    const { exclusions } = this.plan;
    if (exclusions.size === 0) return null;
    const marks = Buffer.concat(spool.marks);
    const isExcluded = (at: number) => exclusions.has(marks.toString('latin1', at, at + 32));
    return Uint8Array.from({ length: payers.size }, (_, payer) =>
      isExcluded(payer * MARKS) || isExcluded(payer * MARKS + 32) ? 1 : 0,
    );
  }

  /** One turn later, so that the database is told to index before we are busy. */
  private async decided(...given: Parameters<BatchImport['decide']>): Promise<BatchDecision> {
    await setImmediate();
    return this.decide(...given);
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
    const { batchId, sourceId, bytes, segment } = this.file;
    const payerIdOf = (row: number) => this.payerId(rows.payer[row]!);
    const batch = { id: batchId, segment, sourceId, rows, texts, decision, reversed, payerIdOf };
    await writePayments(this.tx, this.plan, batch, (written) =>
      progress(bytes + Math.floor((bytes * written) / rows.size), written),
    );
  }

  private payerId(payer: number): number {
    return this.payerIds ? this.payerIds[payer]! : this.plan.last.payer + 1 + payer;
  }

  private async copyAside(): Promise<void> {
    const { aside } = this.gathered;
    const row = 'batch_id, row_number, codes, columns, day, period, sealed';
    await copyText(this.tx, `quarantined_row (${row})`, aside.quarantine);
    const conflict = 'promotion_id, batch_id, row_number, payment_id, differs, day, period, sealed';
    await copyText(this.tx, `payment_conflict (${conflict})`, aside.conflict);
  }
}
