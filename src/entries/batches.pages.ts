import '@fastify/multipart';
import { Readable } from 'node:stream';
import {
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { InputError } from '../platform/http/input-error.js';
import { visitOf } from '../platform/http/visit.js';
import { BatchOffice } from './batch-office.service.js';
import { AtDesk, PaymentDesk, type Visit } from './payment-desk.js';

const HTML = 'text/html; charset=utf-8';

/** Files of payments: sent, watched, looked into. */
@ApiExcludeController()
@Controller('office/payments')
@Allow('partner', 'organiser', 'auditor')
export class BatchesPages {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly office: BatchOffice,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@AtDesk() visit: Visit): Promise<string> {
    const promotions = await this.desk.openTo(visit.officer, await this.office.promotions());
    return this.desk.list(visit, { promotions });
  }

  @Get(':slug')
  @Header('content-type', HTML)
  async promotion(@AtDesk() visit: Visit, @Query('before') before?: string): Promise<string> {
    const open = await this.desk.open(visit);
    return open.page('batches', {
      ...(await this.office.overview(open.promotion.id, Number(before) || undefined)),
      scripts: ['upload.js'],
    });
  }

  @Post(':slug/batches')
  async upload(@AtDesk() visit: Visit, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const open = await this.desk.open(visit, ['partner', 'organiser']);
    const fields = new Map<string, string>();
    for await (const part of visit.request.parts()) {
      if (part.type === 'field') fields.set(part.fieldname, String(part.value));
      else if (part.filename !== '') {
        const sent = { stream: part.file, name: part.filename, profile: fields.get('profile') ?? 'portal' };
        const id = await this.office.take(open.promotion.id, open.officer, {
          ...sent,
          correctsId: Number(fields.get('corrects')) || undefined,
        });
        return seeOther(reply, `${open.base}/batches/${id}`);
      }
    }
    throw new InputError([{ field: 'file', code: 'payments.faults.no-file' }]);
  }

  @Get(':slug/batches/:id')
  @Header('content-type', HTML)
  async batch(@AtDesk() visit: Visit, @Param('id', ParseIntPipe) id: number): Promise<string> {
    const open = await this.desk.open(visit);
    const model = await this.office.batch(open.promotion.id, id, open.officer);
    if (!model) throw new NotFoundException();
    const scripts = ['waiting', 'running'].includes(model.batch.state) ? ['batch.js'] : ['upload.js'];
    return open.below('payments/batch', model.batch.file_name, { ...model, scripts });
  }

  /** The first rows that could not be read, as they came: who looks at them is written down. */
  @Get(':slug/batches/:id/rows')
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  async rows(@AtDesk() visit: Visit, @Param('id', ParseIntPipe) id: number): Promise<string> {
    const open = await this.desk.open(visit, ['partner', 'organiser']);
    const { locale } = visitOf(open.request);
    const model = await this.office.firstRows(open.promotion.id, id, locale, open.officer);
    return open.below('payments/rows', 'payments.rows.title', model);
  }

  @Get(':slug/batches/:id/findings.csv')
  async findings(
    @AtDesk() visit: Visit,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id', ParseIntPipe) id: number,
  ): Promise<unknown> {
    const open = await this.desk.open(visit, ['partner', 'organiser']);
    const { locale } = visitOf(open.request);
    const lines = await this.office.findingsFile(open.promotion.id, id, locale, open.officer);
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="findings-${id}.csv"`);
    return reply.send(Readable.from(lines));
  }

  @Post(':slug/batches/:id/cancel')
  async cancel(@AtDesk() visit: Visit, @Param('id', ParseIntPipe) id: number): Promise<string> {
    const open = await this.desk.open(visit, ['partner', 'organiser']);
    await this.office.cancel(open.promotion.id, id, open.officer);
    return open.go(`${open.base}/batches/${id}`, 'info', 'cancelAsked');
  }
}
