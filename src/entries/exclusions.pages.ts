import { Body, Controller, Get, Header, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Allow } from '../platform/http/access.js';
import { posted } from '../platform/http/form.js';
import { InputError } from '../platform/http/input-error.js';
import { EXCLUSION_KINDS, type ExclusionKind, Exclusions } from './exclusions.service.js';
import { AtDesk, type OpenDesk, PaymentDesk, type Visit } from './payment-desk.js';

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
  async show(@AtDesk() visit: Visit): Promise<string> {
    return this.page(await this.desk.open(visit));
  }

  @Post()
  @Header('content-type', HTML)
  async add(@AtDesk() visit: Visit, @Body() body: unknown): Promise<string> {
    const open = await this.desk.open(visit, ['organiser', 'partner']);
    const values = {
      title: posted(body, 'title'),
      kind: posted(body, 'kind'),
      numbers: posted(body, 'numbers'),
    };
    return open.orAgain(
      async () => {
        if (values.title === '') throw new InputError([{ field: 'title', code: 'payments.faults.title' }]);
        const kind = EXCLUSION_KINDS.find((one) => one === values.kind) ?? ('other' satisfies ExclusionKind);
        const changed = await this.db.transaction((tx) =>
          this.exclusions.add(tx, open.promotion.id, { ...values, kind }, open.officer.id),
        );
        return open.done('exclusions', 'exclusions', { n: changed.voided.length });
      },
      (findings) => this.page(open, { values, findings }),
    );
  }

  @Post(':id/withdrawal')
  async withdraw(@AtDesk() visit: Visit, @Param('id', ParseIntPipe) id: number): Promise<string> {
    const open = await this.desk.open(visit, ['organiser']);
    await this.db.transaction((tx) => this.exclusions.withdraw(tx, open.promotion.id, id, open.officer.id));
    return open.done('exclusions', 'exclusions', { n: 0 });
  }

  private async page(open: OpenDesk, model: Record<string, unknown> = {}): Promise<string> {
    const lists = await this.db.query(
      `select l.id, l.kind, l.title, l.added_at, l.withdrawn_at, o.name as officer,
         (select count(*) from exclusion e where e.exclusion_list_id = l.id)::int as people
       from exclusion_list l left join officer o on o.id = l.added_by where l.promotion_id = $1 order by l.id desc`,
      [open.promotion.id],
    );
    const kinds = EXCLUSION_KINDS.map((kind) => ({
      value: kind,
      label: open.text(`payments.exclusions.kind.${kind}.name`),
    }));
    return open.page('exclusions', { lists, kinds, ...model });
  }
}
