import type { Vault } from '../../platform/crypto/vault.js';
import type { Finding } from '../../payments/reading/finding.js';
import { SpoolFile } from './spool-file.js';

/** What is kept, sealed, of a row that could not be taken. */
export interface AsideRow {
  /** The cells of the row as they came. */
  readonly cells: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Rows that wait for a person, written to files in COPY's text format while the file is read, so that memory stays flat
 * however bad the file is: quarantined rows and conflicts.
 */
export class SetAside {
  readonly quarantine: SpoolFile;
  readonly conflict: SpoolFile;
  conflicts = 0;

  constructor(
    folder: string,
    private readonly vault: Vault,
    private readonly batch: { id: number; promotionId: number },
  ) {
    this.quarantine = new SpoolFile(`${folder}/quarantined.copy`);
    this.conflict = new SpoolFile(`${folder}/conflicts.copy`);
  }

  addRow(rowNumber: number, day: string | null, period: number, row: AsideRow): void {
    const codes = row.findings.map((finding) => finding.code).join(',');
    const columns = row.findings.map((finding) => finding.column).join(',');
    const fields = [
      this.batch.id,
      rowNumber,
      `{${codes}}`,
      `{${columns}}`,
      day ?? '\\N',
      period || '\\N',
      this.sealed(row),
    ];
    this.quarantine.write(`${fields.join('\t')}\n`);
  }

  addConflict(
    at: { rowNumber: number; paymentId: number; differs: readonly string[]; day: string; period: number },
    row: AsideRow,
  ): void {
    const { rowNumber, paymentId, differs, day, period } = at;
    const fields = [
      this.batch.promotionId,
      this.batch.id,
      rowNumber,
      paymentId,
      `{${differs.join(',')}}`,
      day,
      period || '\\N',
    ];
    this.conflict.write(`${[...fields, this.sealed(row)].join('\t')}\n`);
    this.conflicts++;
  }

  /** Waits when the disk is slower than the rows. */
  async keepUp(): Promise<void> {
    await this.quarantine.keepUp();
    await this.conflict.keepUp();
  }

  abandon(): void {
    this.quarantine.abandon();
    this.conflict.abandon();
  }

  private sealed(row: AsideRow): string {
    return `\\\\x${this.vault.seal(JSON.stringify(row)).toString('hex')}`;
  }
}
