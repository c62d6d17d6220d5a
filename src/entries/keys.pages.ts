import { Body, Controller, Get, Header, HttpCode, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { ApiKeys } from '../payments/api-keys.service.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { InputError } from '../platform/http/input-error.js';
import { PaymentDesk } from './payment-desk.js';
import type { Promotion } from './promotions.service.js';

const HTML = 'text/html; charset=utf-8';

/** Keys for the partner's programs. */
@ApiExcludeController()
@Controller('office/payments/:slug/keys')
@Allow('organiser', 'partner')
export class KeysPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly keys: ApiKeys,
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
  @HttpCode(200)
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  async make(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Body() body: unknown,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['organiser']);
    const values = {
      title: posted(body, 'title'),
      source: posted(body, 'source'),
      organisation: posted(body, 'organisation'),
    };
    return orAgain(
      reply,
      async () => {
        if (values.title === '') throw new InputError([{ field: 'title', code: 'payments.faults.title' }]);
        const of = {
          promotionId: promotion.id,
          organisationId: Number(values.organisation) || officer.organisationId,
          source: values.source,
          title: values.title,
        };
        const made = await this.db.transaction((tx) => this.keys.make(tx, of, officer.id));
        return this.page(request, promotion, { made });
      },
      (findings) => this.page(request, promotion, { values, findings }),
    );
  }

  @Post(':id/revocation')
  async revoke(
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['organiser']);
    await this.db.transaction((tx) => this.keys.revoke(tx, promotion.id, id, officer.id));
    return seeOther(reply, `/office/payments/${slug}/keys`, {
      kind: 'success',
      key: 'payments.done.revoked',
    });
  }

  private async page(
    request: FastifyRequest,
    promotion: Promotion,
    model: Record<string, unknown>,
  ): Promise<string> {
    const keys = await this.db.query(
      `select k.id, k.title, k.prefix, k.created_at, k.last_used_at, k.revoked_at, g.name as organisation, s.name as source
       from api_key k join organisation g on g.id = k.organisation_id join payment_source s on s.id = k.source_id
       where k.promotion_id = $1 order by k.id desc`,
      [promotion.id],
    );
    const sources = await this.db.query(
      'select code as value, name as label from payment_source order by id',
    );
    const organisations = await this.db.query(
      'select id::text as value, name as label from organisation order by name',
    );
    return this.desk.page(request, promotion, 'keys', { keys, sources, organisations, ...model });
  }
}
