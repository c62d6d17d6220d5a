import { Body, Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { completenessDays, completenessPeriods, type DayRow } from './completeness.queries.js';
import { Digests } from './digests.service.js';
import { PaymentDesk } from './payment-desk.js';
import type { Promotion } from './promotions.service.js';

const HTML = 'text/html; charset=utf-8';

/** Whether everything that was sent is accounted for, day by day. */
@ApiExcludeController()
@Controller('office/payments/:slug')
@Allow('partner', 'organiser', 'auditor')
export class CompletenessPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly digests: Digests,
    private readonly db: DataSource,
  ) {}

  @Get('completeness')
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
  ): Promise<string> {
    return this.page(request, await this.desk.open(slug, officer), {});
  }

  @Post('digests')
  @Header('content-type', HTML)
  async say(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['partner']);
    const values = Object.fromEntries(
      ['source', 'day', 'count', 'amount', 'fileHash'].map((name) => [name, posted(body, name)]),
    );
    const whole = (name: string) => (/^-?\d+$/.test(values[name] ?? '') ? Number(values[name]) : Number.NaN);
    const word = {
      source: values.source!,
      day: values.day!,
      count: whole('count'),
      amount: whole('amount'),
      fileHash: values.fileHash!.toLowerCase(),
    };
    return orAgain(
      reply,
      async () => {
        await this.db.transaction((tx) =>
          this.digests.say(tx, promotion.id, word, { officerId: officer.id }),
        );
        return seeOther(reply, `/office/payments/${slug}/completeness`, {
          kind: 'success',
          key: 'payments.done.digest',
        });
      },
      (findings) => this.page(request, promotion, { values, findings }),
    );
  }

  private async page(
    request: FastifyRequest,
    promotion: Promotion,
    model: Record<string, unknown>,
  ): Promise<string> {
    const days = await completenessDays(this.db, promotion.id);
    const sources = await this.db.query<{ code: string; name: string }[]>(
      'select code, name from payment_source order by id',
    );
    return this.desk.page(request, promotion, 'completeness', {
      days: days.map((day) => ({ ...day, unique: day.received - day.duplicate, red: day.agrees === false })),
      red: days.filter(({ agrees }) => agrees === false),
      total: totalOf(days),
      periods: await completenessPeriods(this.db, promotion.id),
      sources: sources.map(({ code, name }) => ({ value: code, label: name })),
      ...model,
    });
  }
}

function totalOf(days: readonly DayRow[]) {
  const names = [
    'received',
    'eligible',
    'refused',
    'quarantined',
    'duplicate',
    'amount',
    'issued',
    'voided',
  ] as const;
  return Object.fromEntries(names.map((name) => [name, days.reduce((sum, day) => sum + day[name], 0)]));
}
