import { Body, Controller, Get, Header, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { ApiKeys } from '../payments/api-keys.service.js';
import { Allow } from '../platform/http/access.js';
import { posted } from '../platform/http/form.js';
import { InputError } from '../platform/http/input-error.js';
import { AtDesk, type OpenDesk, PaymentDesk, type Visit } from './payment-desk.js';

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
  async show(@AtDesk() visit: Visit): Promise<string> {
    return this.page(await this.desk.open(visit));
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  async make(@AtDesk() visit: Visit, @Body() body: unknown): Promise<string> {
    const open = await this.desk.open(visit, ['organiser']);
    const values = {
      title: posted(body, 'title'),
      source: posted(body, 'source'),
      organisation: posted(body, 'organisation'),
    };
    return open.orAgain(
      async () => {
        if (values.title === '') throw new InputError([{ field: 'title', code: 'payments.faults.title' }]);
        const of = {
          promotionId: open.promotion.id,
          organisationId: Number(values.organisation) || open.officer.organisationId,
          source: values.source,
          title: values.title,
        };
        const made = await this.db.transaction((tx) => this.keys.make(tx, of, open.officer.id));
        return this.page(open, { made });
      },
      (findings) => this.page(open, { values, findings }),
    );
  }

  @Post(':id/revocation')
  async revoke(@AtDesk() visit: Visit, @Param('id', ParseIntPipe) id: number): Promise<string> {
    const open = await this.desk.open(visit, ['organiser']);
    await this.db.transaction((tx) => this.keys.revoke(tx, open.promotion.id, id, open.officer.id));
    return open.done('keys', 'revoked');
  }

  private async page(open: OpenDesk, model: Record<string, unknown> = {}): Promise<string> {
    const keys = await this.db.query(
      `select k.id, k.title, k.prefix, k.created_at, k.last_used_at, k.revoked_at, g.name as organisation, s.name as source
       from api_key k join organisation g on g.id = k.organisation_id join payment_source s on s.id = k.source_id
       where k.promotion_id = $1 order by k.id desc`,
      [open.promotion.id],
    );
    const sources = await this.db.query(
      'select code as value, name as label from payment_source order by id',
    );
    const organisations = await this.db.query(
      'select id::text as value, name as label from organisation order by name',
    );
    return open.page('keys', { keys, sources, organisations, ...model });
  }
}
