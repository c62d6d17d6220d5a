import type { Readable } from 'node:stream';
import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { reasonsIn } from '../rules/eligibility/refusal.js';
import { Journal } from '../journal/journal.service.js';
import { Batches } from '../payments/batches.service.js';
import type { Officer } from '../platform/http/access.js';
import type { Locale } from '../platform/http/format.js';
import { batchById, batchesOf, deskRows, findingCounts, PAGE, refusalMasks } from './batch.queries.js';
import { FindingsFile } from './findings-file.js';

export interface SentFile {
  readonly stream: Readable;
  readonly name: string;
  readonly profile: string;
  readonly correctsId?: number;
}

const FIRST_ROWS = 20;

/** What the payment office does with files. */
@Injectable()
export class BatchOffice {
  constructor(
    private readonly db: DataSource,
    private readonly batches: Batches,
    private readonly findings: FindingsFile,
    private readonly journal: Journal,
  ) {}

  /** Every promotion, with what waits there. */
  promotions() {
    return deskRows(this.db);
  }

  async overview(promotionId: number, before?: number) {
    const rows = await batchesOf(this.db, promotionId, before);
    const profiles = await this.db.query<{ code: string; title_vi: string; title_en: string }[]>(
      'select code, title_vi, title_en from import_profile order by source_id, code',
    );
    return { batches: rows, profiles, older: rows.length === PAGE ? rows.at(-1)!.id : undefined };
  }

  /** Receives an upload whole, then registers it; the officer's organisation is the partner. */
  async take(
    promotionId: number,
    officer: Officer,
    { stream, name, profile, correctsId }: SentFile,
  ): Promise<number> {
    const file = await this.batches.receive(stream, name);
    return this.db.transaction((tx) =>
      this.batches.register(tx, file, {
        promotionId,
        profile,
        via: correctsId === undefined ? 'upload' : 'correction',
        officerId: officer.id,
        organisationId: officer.organisationId,
        ...(correctsId !== undefined && { correctsId }),
      }),
    );
  }

  async batch(promotionId: number, id: number, officer: Officer) {
    const batch = await batchById(this.db, promotionId, id);
    if (!batch) return undefined;
    const reasons = new Map<string, number>();
    for (const { refusals, count } of await refusalMasks(this.db, promotionId, id))
      for (const reason of reasonsIn(refusals)) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    return {
      batch,
      reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
      findingCounts: await findingCounts(this.db, id),
      seesRows: officer.roles.some(({ role }) => role === 'partner' || role === 'organiser'),
    };
  }

  /** The first rows with findings as they came: personal data, so it is written down who saw them. */
  async firstRows(promotionId: number, id: number, locale: Locale, officer: Officer) {
    const batch = await batchById(this.db, promotionId, id);
    if (!batch) throw new NotFoundException();
    const rows = await this.findings.rows(id, 0, FIRST_ROWS, locale);
    await this.written(officer, 'findings.seen', id, rows.length);
    return { batch, rows };
  }

  /** All of them as a file; who took it is written down. */
  async findingsFile(
    promotionId: number,
    id: number,
    locale: Locale,
    officer: Officer,
  ): Promise<AsyncIterable<string>> {
    const batch = await batchById(this.db, promotionId, id);
    if (!batch) throw new NotFoundException();
    await this.written(officer, 'findings.downloaded', id, batch.quarantined);
    return this.findings.csv(id, locale);
  }

  async cancel(promotionId: number, id: number, officer: Officer): Promise<void> {
    if (!(await batchById(this.db, promotionId, id))) throw new NotFoundException();
    await this.db.transaction((tx) => this.batches.cancel(tx, id, officer.id));
  }

  private written(officer: Officer, act: string, batchId: number, rows: number): Promise<unknown> {
    return this.db.transaction((tx) =>
      this.journal.record(tx, { officer: officer.id, act, subject: `batch/${batchId}`, facts: { rows } }),
    );
  }
}
