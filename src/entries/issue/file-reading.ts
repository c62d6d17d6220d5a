import { dayOf, dayText } from '../../rules/eligibility/day.js';
import { FileFault } from '../../payments/reading/file-fault.js';
import type { CopyRows } from './copy-rows.js';
import { periodFinder } from './decide-batch.js';
import { FirstPass, type Gathered } from './first-pass.js';
import type { ImportFile, Progress } from './import-file.js';
import type { KnownPayment } from './known-before.js';
import type { Plan } from './plan.js';
import { readThrough } from './read-file.js';
import type { Tally } from './tallies.js';

/** A file is read once, and once more when rows contradict payments we hold: these are kept as they stand in it. */
export class FileReading {
  private readonly periodOf: (paidAt: number) => number;

  constructor(
    private readonly plan: Plan,
    private readonly file: ImportFile & { readonly start: Buffer },
    private readonly gathered: Gathered,
  ) {
    const find = periodFinder(plan.periods);
    this.periodOf = plan.terms.cutoffBy === 'recorded' ? () => find(plan.recordedAt) : find;
  }

  /** Reads it all; `references` takes the reference of each row that can be read. */
  async whole(progress: Progress, references: CopyRows | null): Promise<FirstPass> {
    const to = { ...this.gathered, references };
    let pass: FirstPass | undefined;
    await readThrough(
      this.file.path,
      this.file,
      (scanner) => {
        const first = (pass = new FirstPass(scanner, this.file.profile, this.plan, to));
        return () => first.take();
      },
      async (bytes, rows) => {
        await this.gathered.spool.keepUp();
        await this.gathered.texts.file.keepUp();
        await this.gathered.aside.keepUp();
        await references?.flush();
        await progress(bytes, rows);
      },
    );
    if (!pass?.reader) throw new FileFault('empty');
    return pass;
  }

  /** Rows whose reference we held before: the same, or a contradiction, kept as it stands in the file. */
  async setAside(pass: FirstPass, known: readonly KnownPayment[]): Promise<void> {
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
}
