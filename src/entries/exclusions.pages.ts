import { Body, Controller, Get, Header, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { InputError } from '../platform/http/input-error.js';
import { EXCLUSION_KINDS, type ExclusionKind, Exclusions } from './exclusions.service.js';
import { PaymentDesk } from './payment-desk.js';
import type { Promotion } from './promotions.service.js';

const HTML = 'text/html; charset=utf-8';

@ApiExcludeController()
@Controller('office/payments/:slug/exclusions')
@Allow('organiser', 'partner', 'auditor')
export class ExclusionsPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly exclusions: Exclusions,
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
  async add(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['organiser', 'partner']);
    const values = {
      title: posted(body, 'title'),
      kind: posted(body, 'kind'),
      numbers: posted(body, 'numbers'),
    };
    return orAgain(
      reply,
      async () => {
        if (values.title === '') throw new InputError([{ field: 'title', code: 'payments.faults.title' }]);
        const kind = EXCLUSION_KINDS.find((one) => one === values.kind) ?? ('other' satisfies ExclusionKind);
        const changed = await this.db.transaction((tx) =>
          this.exclusions.add(tx, promotion.id, { ...values, kind }, officer.id),
        );
        return this.done(reply, slug, changed.voided.length);
      },
      (findings) => this.page(request, promotion, { values, findings }),
    );
  }

  @Post(':id/withdrawal')
  async withdraw(
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['organiser']);
    await this.db.transaction((tx) => this.exclusions.withdraw(tx, promotion.id, id, officer.id));
    return this.done(reply, slug, 0);
  }

  private done(reply: FastifyReply, slug: string, voided: number): string {
    return seeOther(reply, `/office/payments/${slug}/exclusions`, {
      kind: 'success',
      key: 'payments.done.exclusions',
      values: { n: voided },
    });
  }

  private async page(
    request: FastifyRequest,
    promotion: Promotion,
    model: Record<string, unknown>,
  ): Promise<string> {
    const lists = await this.db.query(
      `select l.id, l.kind, l.title, l.added_at, l.withdrawn_at, o.name as officer,
         (select count(*) from exclusion e where e.exclusion_list_id = l.id)::int as people
       from exclusion_list l left join officer o on o.id = l.added_by where l.promotion_id = $1 order by l.id desc`,
      [promotion.id],
    );
    const kinds = EXCLUSION_KINDS.map((kind) => ({
      value: kind,
      label: this.desk.text(request, `payments.exclusions.kind.${kind}.name`),
    }));
    return this.desk.page(request, promotion, 'exclusions', { lists, kinds, ...model });
  }
}
