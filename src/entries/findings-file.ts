import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FIELDS } from '../payments/reading/profile.js';
import { Vault } from '../platform/crypto/vault.js';
import type { Locale } from '../platform/http/format.js';
import { Messages } from '../platform/http/messages.js';
import { quarantinedRows } from './batch.queries.js';
import type { AsideRow } from './issue/set-aside.js';

const PART = 2_000;

export interface OpenedRow {
  readonly rowNumber: number;
  readonly correctedBy: number | null;
  readonly cells: readonly string[];
  readonly findings: readonly { column: string; code: string; got: string; expected: string }[];
}

/** What is wrong in a batch, as a table that the sender can correct and send back. */
@Injectable()
export class FindingsFile {
  constructor(
    private readonly db: DataSource,
    private readonly vault: Vault,
    private readonly messages: Messages,
  ) {}

  async rows(batchId: number, after: number, limit: number, locale: Locale): Promise<OpenedRow[]> {
    const rows = await quarantinedRows(this.db, batchId, after, limit);
    return rows.map((row) => {
      const { cells, findings } = JSON.parse(this.vault.open(row.sealed)) as AsideRow;
      return {
        rowNumber: row.row_number,
        correctedBy: row.corrected_by,
        cells,
        findings: findings.map((one) => ({
          ...one,
          expected: this.messages.text(`payments.expected.${one.code}`, locale),
        })),
      };
    });
  }

  /** CSV with a byte order mark for spreadsheets: one line per row, its findings first, then its fields as they came. */
  async *csv(batchId: number, locale: Locale): AsyncGenerator<string> {
    yield `\ufeff${['row_number', 'column', 'code', 'got', 'expected', ...FIELDS].join(',')}\r\n`;
    for (let after = 0; ;) {
      const rows = await this.rows(batchId, after, PART, locale);
      if (rows.length === 0) return;
      yield rows.map((row) => lineOf(row)).join('');
      after = rows.at(-1)!.rowNumber;
    }
  }
}

function lineOf({ rowNumber, findings, cells }: OpenedRow): string {
  const joined = (of: 'column' | 'code' | 'got' | 'expected') => findings.map((one) => one[of]).join(' | ');
  const fields = [
    String(rowNumber),
    joined('column'),
    joined('code'),
    joined('got'),
    joined('expected'),
    ...cells,
  ];
  return `${fields.map(cell).join(',')}\r\n`;
}

/** Quoted where needed; a cell that a spreadsheet would run as a formula begins with an apostrophe, which the import takes off again. */
export function cell(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
