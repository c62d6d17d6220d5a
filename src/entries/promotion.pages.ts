import { Body, Controller, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Public } from '../platform/http/access.js';
import { orAgain, posted } from '../platform/http/form.js';
import { Views } from '../platform/http/views.js';
import { publicFigures, publicPeriods, publishedTerms } from './promotion.queries.js';
import { type Promotion, Promotions } from './promotions.service.js';
import { OwnCodes } from './own-codes.js';

const HTML = 'text/html; charset=utf-8';

/** What a citizen sees of a promotion. */
@ApiExcludeController()
@Public()
@Controller('promotions/:slug')
export class PromotionPages {
  constructor(
    private readonly db: DataSource,
    private readonly promotions: Promotions,
    private readonly ownCodes: OwnCodes,
    private readonly views: Views,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(@Req() request: FastifyRequest, @Param('slug') slug: string): Promise<string> {
    const promotion = await this.promotions.publishedBySlug(slug);
    const [terms, ...earlier] = await publishedTerms(this.db, promotion.id);
    return this.views.page(request, 'entries/promotion', {
      title: titleOf(promotion, this.views.locale(request)),
      crumbs: [{ label: titleOf(promotion, this.views.locale(request)) }],
      promotion,
      terms,
      earlier,
      periods: await publicPeriods(this.db, promotion.id),
      figures: await publicFigures(this.db, promotion.id),
    });
  }

  @Get('codes')
  @Header('content-type', HTML)
  async ask(@Req() request: FastifyRequest, @Param('slug') slug: string): Promise<string> {
    return this.form(request, await this.promotions.publishedBySlug(slug), {});
  }

  @Post('codes')
  @HttpCode(200)
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  async find(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.promotions.publishedBySlug(slug);
    const values = { subject: posted(body, 'subject'), digits: posted(body, 'digits') };
    return orAgain(
      reply,
      async () =>
        this.form(request, promotion, {
          values,
          ...(await this.ownCodes.find(promotion, values, request.ip)),
        }),
      (findings) => this.form(request, promotion, { values, findings }),
    );
  }

  private form(request: FastifyRequest, promotion: Promotion, model: Record<string, unknown>): string {
    return this.views.page(request, 'entries/codes', {
      title: 'entries.codes.title',
      crumbs: [
        { href: `/promotions/${promotion.slug}`, label: titleOf(promotion, this.views.locale(request)) },
        { label: 'entries.codes.title' },
      ],
      narrow: true,
      promotion,
      ...model,
    });
  }
}

export function titleOf(promotion: Pick<Promotion, 'title_vi' | 'title_en'>, locale: 'vi' | 'en'): string {
  return locale === 'en' ? promotion.title_en : promotion.title_vi;
}
