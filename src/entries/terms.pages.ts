import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { type Terms, termsFaults } from '../rules/eligibility/terms.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { PaymentDesk } from './payment-desk.js';
import type { Promotion } from './promotions.service.js';
import { formOf, NAMED_CODES, termsFrom } from './terms-form.js';
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
  async show(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
  ): Promise<string> {
    return this.page(request, await this.desk.open(slug, officer), {});
  }

  @Post()
  @Header('content-type', HTML)
  async draft(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['organiser']);
    return orAgain(
      reply,
      async () => {
        await this.db.transaction((tx) => this.terms.draft(tx, promotion.id, termsFrom(body), officer.id));
        return seeOther(reply, `/office/payments/${slug}/terms`, {
          kind: 'success',
          key: 'payments.done.draft',
        });
      },
      (findings) => this.page(request, promotion, { values: body, findings }),
    );
  }

  @Post('preview')
  @HttpCode(200)
  @Header('content-type', HTML)
  async preview(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer);
    const terms = termsFrom(body);
    const sound = termsFaults(terms).length === 0;
    return this.desk.other(request, 'payments/terms-preview', {
      title: 'payments.tab.terms',
      crumbs: [],
      layout: 'embed',
      preview: sound ? await preview(this.db.manager, promotion.id, terms) : undefined,
    });
  }

  @Post('publication')
  @Header('content-type', HTML)
  async publish(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['organiser']);
    const amendment = {
      ref: posted(body, 'ref') || null,
      decidedOn: posted(body, 'decidedOn') || null,
      reason: posted(body, 'reason') || null,
    };
    return orAgain(
      reply,
      async () => {
        const changed = await this.db.transaction((tx) =>
          this.terms.publish(tx, promotion.id, amendment, officer.id),
        );
        const values = { voided: changed?.voided.length ?? 0, issued: changed?.issued.length ?? 0 };
        return seeOther(reply, `/office/payments/${slug}/terms`, {
          kind: 'success',
          key: 'payments.done.published',
          values,
        });
      },
      (findings) => this.page(request, promotion, { amendment, findings }),
    );
  }

  private async page(
    request: FastifyRequest,
    promotion: Promotion,
    model: Record<string, unknown>,
  ): Promise<string> {
    const versions = await this.db.query<{ version: number; body: Terms; published_at: Date | null }[]>(
      'select version, body, amendment_ref, decided_on, reason, published_at from terms where promotion_id = $1 order by version desc',
      [promotion.id],
    );
    const [latest] = versions;
    return this.desk.page(request, promotion, 'terms', {
      versions: versions.filter(({ published_at }) => published_at !== null),
      draft: versions.find(({ published_at }) => published_at === null),
      values: latest && formOf(latest.body),
      preview: latest && (await preview(this.db.manager, promotion.id, latest.body)),
      named: NAMED_CODES,
      scripts: ['terms.js'],
      ...model,
    });
  }
}
