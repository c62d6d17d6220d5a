import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { indicatorsOf, type IndicatorVersion } from '../indicators/indicators.queries.js';
import type { Officer } from '../platform/http/access.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { delimited, NotText, type TextTable } from '../platform/tables/delimited.js';
import { isWorkbook, NotAWorkbook, workbook } from '../platform/tables/workbook.js';
import type { Delivery, DeliveryReport } from './delivery.js';
import { Intake } from './intake.service.js';
import type { NumberFormat } from './number-format.js';
import { readFile } from './reading-file.js';
import { inFile } from './wide-file.js';
import { Uploads, type Upload } from './uploads.service.js';
import { Workplace } from './workplace.js';

export interface FileImport {
  readonly slug: string;
  readonly numbers: NumberFormat | '';
  readonly cumulative: boolean;
  readonly reason: string;
}

/** A table as text, from CSV or from a workbook's first sheet. */
export async function tableOf(bytes: Buffer): Promise<TextTable> {
  try {
    return isWorkbook(bytes) ? await workbook(bytes) : delimited(bytes);
  } catch (fault) {
    if (!(fault instanceof NotText) && !(fault instanceof NotAWorkbook)) throw fault;
    throw new InputError([
      {
        field: 'file',
        code: 'readings.findings.file-unreadable',
        got: fault.message,
        expected: 'CSV (UTF-8), XLSX',
      },
    ]);
  }
}

/** Hands a table in; what is found speaks of its own rows and columns. */
export async function handIn(
  intake: Intake,
  table: TextTable,
  indicators: readonly IndicatorVersion[],
  delivery: Omit<Delivery, 'cells' | 'columns'>,
): Promise<DeliveryReport> {
  const { cells, columns, findings, origins } = readFile(table, indicators);
  if (findings.length > 0) return nothing(findings);
  const report = await intake.take({ ...delivery, cells, columns });
  return {
    ...report,
    findings: inFile(report.findings, origins),
    warnings: inFile(report.warnings, origins),
  };
}

/** A file of readings, first judged, then, the same bytes again, taken in. */
@Injectable()
export class FileImporter {
  constructor(
    private readonly uploads: Uploads,
    private readonly intake: Intake,
    private readonly workplace: Workplace,
    private readonly db: DataSource,
  ) {}

  async judge(
    officer: Officer,
    order: FileImport,
    name: string,
    content: Buffer,
  ): Promise<{ upload: Upload; report: DeliveryReport }> {
    await this.workplace.of(officer, order.slug);
    const upload = await this.uploads.keep(name, 'application/octet-stream', content, officer.id);
    return { upload, report: await this.take(officer, order, upload, false) };
  }

  async commit(
    officer: Officer,
    order: FileImport,
    sha256: string,
  ): Promise<{ upload: Upload; report: DeliveryReport }> {
    const upload = await this.uploads.bySha256(sha256);
    return { upload, report: await this.take(officer, order, upload, true) };
  }

  private async take(
    officer: Officer,
    { slug, numbers, cumulative, reason }: FileImport,
    upload: Upload,
    commit: boolean,
  ): Promise<DeliveryReport> {
    const { units, campaign } = await this.workplace.of(officer, slug);
    const indicators = campaign.rulesVersionId ? await indicatorsOf(this.db, campaign.rulesVersionId) : [];
    return handIn(this.intake, await tableOf(upload.content), indicators, {
      slug,
      source: 'file',
      format: numbers || undefined,
      cumulative,
      reason: reason || undefined,
      commit,
      officer: officer.id,
      allowed: new Set(units.map(({ unitId }) => unitId)),
      file: { name: upload.name, sha256: upload.sha256 },
    });
  }
}

const nothing = (findings: readonly Finding[]): DeliveryReport => ({
  rows: 0,
  added: 0,
  corrected: 0,
  unchanged: 0,
  committed: false,
  format: null,
  batchId: null,
  findings,
  warnings: [],
});
