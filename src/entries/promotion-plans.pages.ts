import { Body, Controller, Get, Header, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { BEGINNING, PERIOD_LINES, promotionFrom } from './promotion-form.js';
import { PromotionPlans } from './promotion-plans.service.js';

const HTML = 'text/html; charset=utf-8';

/** Where an organiser starts a promotion; its terms, prizes and partners come after. */
@ApiExcludeController()
@Allow('organiser')
@Controller('office/promotions')
export class PromotionPlansPages {
  constructor(
    private readonly db: DataSource,
    private readonly plans: PromotionPlans,
    private readonly views: Views,
  ) {}

  @Get('new')
  @Header('content-type', HTML)
  ask(@Req() request: FastifyRequest): string {
    return this.form(request, BEGINNING, []);
  }

  @Post()
  @Header('content-type', HTML)
  async create(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    const act = async () => {
      const made = await this.db.transaction((tx) =>
        this.plans.start(tx, officer, promotionFrom(body), posted(body, 'unit')),
      );
      return seeOther(reply, `/office/payments/${made.slug}/terms`, {
        kind: 'success',
        key: 'payments.done.started',
      });
    };
    return orAgain(reply, act, (findings) => this.form(request, body as Record<string, unknown>, findings));
  }

  private form(request: FastifyRequest, values: Record<string, unknown>, findings: Finding[]): string {
    const words = (key: string) => this.views.text(request, key);
    return this.views.page(request, 'payments/new', {
      title: 'payments.new.title',
      lead: 'payments.new.lead',
      crumbs: [
        { label: 'shell.nav.office', href: '/office' },
        { label: 'payments.office.title', href: '/office/payments' },
        { label: 'payments.new.title' },
      ],
      narrow: true,
      values,
      findings,
      scripts: ['unit-picker.js'],
      orders: ['shuffled', 'sequential'].map((order) => ({
        value: order,
        label: words(`payments.new.order.${order}`),
      })),
      lines: Array.from({ length: PERIOD_LINES }, (_, at) => ({
        vi: `periodVi${at}`,
        en: `periodEn${at}`,
        last: `lastDay${at}`,
        n: String(at + 1),
      })),
    });
  }
}
