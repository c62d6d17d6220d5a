import { Body, Controller, Get, Header, HttpCode, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { type Terms, termsFaults } from '../rules/eligibility/terms.js';
import { Allow } from '../platform/http/access.js';
import { posted } from '../platform/http/form.js';
import { AtDesk, type OpenDesk, PaymentDesk, type Visit } from './payment-desk.js';
import { FACTOR_FIELDS, fieldOf, formAgain, formOf, NAMED_CODES, termsFrom } from './terms-form.js';
import { preview } from './terms-preview.queries.js';
import { TermsOffice } from './terms.service.js';

const HTML = 'text/html; charset=utf-8';

/** The terms, edited as a draft beside what they would mean, and published with number and date. */
@ApiExcludeController()
@Controller('office/payments/:slug/terms')
@Allow('organiser', 'partner', 'auditor')
export class TermsPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly terms: TermsOffice,
    private readonly db: DataSource,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(@AtDesk() visit: Visit): Promise<string> {
    return this.page(await this.desk.open(visit));
  }

  @Post()
  @Header('content-type', HTML)
  async draft(@AtDesk() visit: Visit, @Body() body: unknown): Promise<string> {
    const open = await this.desk.open(visit, ['organiser']);
    return open.orAgain(
      async () => {
        await this.db.transaction((tx) =>
          this.terms.draft(tx, open.promotion.id, termsFrom(body), open.officer.id),
        );
        return open.done('terms', 'draft');
      },
      (findings) =>
        this.page(open, {
          values: formAgain(body),
          findings: findings.map((found) => ({ ...found, field: found.field && fieldOf(found.field) })),
        }),
    );
  }

  @Post('preview')
  @HttpCode(200)
  @Header('content-type', HTML)
  async preview(@AtDesk() visit: Visit, @Body() body: unknown): Promise<string> {
    const open = await this.desk.open(visit);
    const terms = termsFrom(body);
    const sound = termsFaults(terms).length === 0;
    return open.piece('payments/terms-preview', {
      preview: sound ? await preview(this.db.manager, open.promotion.id, terms) : undefined,
    });
  }

  @Post('publication')
  @Header('content-type', HTML)
  async publish(@AtDesk() visit: Visit, @Body() body: unknown): Promise<string> {
    const open = await this.desk.open(visit, ['organiser']);
    const amendment = {
      ref: posted(body, 'ref') || null,
      decidedOn: posted(body, 'decidedOn') || null,
      reason: posted(body, 'reason') || null,
    };
    return open.orAgain(
      async () => {
        const changed = await this.db.transaction((tx) =>
          this.terms.publish(tx, open.promotion.id, amendment, open.officer.id),
        );
        const values = { voided: changed?.voided.length ?? 0, issued: changed?.issued.length ?? 0 };
        return open.done('terms', 'published', values);
      },
      (findings) => this.page(open, { amendment, findings }),
    );
  }

  private async page(open: OpenDesk, model: Record<string, unknown> = {}): Promise<string> {
    const { id } = open.promotion;
    const versions = await this.db.query<{ version: number; body: Terms; published_at: Date | null }[]>(
      'select version, body, amendment_ref, decided_on, reason, published_at from terms where promotion_id = $1 order by version desc',
      [id],
    );
    const [latest] = versions;
    return open.page('terms', {
      versions: versions.filter(({ published_at }) => published_at !== null),
      draft: versions.find(({ published_at }) => published_at === null),
      values: latest && formOf(latest.body),
      preview: latest && (await preview(this.db.manager, id, latest.body)),
      named: NAMED_CODES,
      factorFields: FACTOR_FIELDS,
      scripts: ['terms.js'],
      ...model,
    });
  }
}
