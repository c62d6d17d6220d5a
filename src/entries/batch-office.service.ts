import type { Readable } from 'node:stream';
import { Injectable, NotFoundException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { reasonsIn } from '../rules/eligibility/refusal.js';
import { Journal } from '../journal/journal.service.js';
import { Batches } from '../payments/batches.service.js';
import type { Officer } from '../platform/http/access.js';
import { visitOf } from '../platform/http/visit.js';
import { batchById, batchesOf, deskRows, findingCounts, PAGE, refusalMasks } from './batch.queries.js';
import { FindingsFile } from './findings-file.js';

export interface SentFile {
  readonly stream: Readable;
  readonly name: string;
  readonly profile: string;
  readonly correctsId?: number;
}

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

  async batch(promotionId: number, id: number, request: FastifyRequest, officer: Officer) {
    const batch = await batchById(this.db, promotionId, id);
    if (!batch) return undefined;
    const seesRows = officer.roles.some(({ role }) => role === 'partner' || role === 'organiser');
    const reasons = new Map<string, number>();
    for (const { refusals, count } of await refusalMasks(this.db, promotionId, id))
      for (const reason of reasonsIn(refusals)) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    return {
      batch,
      reasons: [...reasons].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count),
      findingCounts: await findingCounts(this.db, id),
      rows: seesRows ? await this.findings.rows(id, 0, 20, visitOf(request).locale) : [],
    };
  }

  /** The findings with the rows as they came: personal data, so it is written down who took them. */
  async findingsFile(
    promotionId: number,
    id: number,
    request: FastifyRequest,
    officer: Officer,
  ): Promise<AsyncIterable<string>> {
    const batch = await batchById(this.db, promotionId, id);
    if (!batch) throw new NotFoundException();
    await this.db.transaction((tx) =>
      this.journal.record(tx, {
        officer: officer.id,
        act: 'findings.downloaded',
        subject: `batch/${id}`,
        facts: { rows: batch.quarantined },
      }),
    );
    return this.findings.csv(id, visitOf(request).locale);
  }

  async cancel(promotionId: number, id: number, officer: Officer): Promise<void> {
    if (!(await batchById(this.db, promotionId, id))) throw new NotFoundException();
    await this.db.transaction((tx) => this.batches.cancel(tx, id, officer.id));
  }
}
