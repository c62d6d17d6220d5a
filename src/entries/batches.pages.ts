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
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { InputError } from '../platform/http/input-error.js';
import { BatchOffice } from './batch-office.service.js';
import { PaymentDesk } from './payment-desk.js';

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
  async list(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    const promotions = await this.desk.openTo(officer, await this.office.promotions());
    return this.desk.other(request, 'payments/office', {
      title: 'payments.office.title',
      crumbs: [{ label: 'payments.office.title' }],
      promotions,
    });
  }

  @Get(':slug')
  @Header('content-type', HTML)
  async promotion(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Query('before') before?: string,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer);
    return this.desk.page(request, promotion, 'batches', {
      ...(await this.office.overview(promotion.id, Number(before) || undefined)),
      scripts: ['upload.js'],
    });
  }

  @Post(':slug/batches')
  async upload(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['partner', 'organiser']);
    const fields = new Map<string, string>();
    for await (const part of request.parts()) {
      if (part.type === 'field') fields.set(part.fieldname, String(part.value));
      else if (part.filename !== '') {
        const sent = { stream: part.file, name: part.filename, profile: fields.get('profile') ?? 'portal' };
        const id = await this.office.take(promotion.id, officer, {
          ...sent,
          correctsId: Number(fields.get('corrects')) || undefined,
        });
        return seeOther(reply, `/office/payments/${slug}/batches/${id}`);
      }
    }
    throw new InputError([{ field: 'file', code: 'payments.faults.no-file' }]);
  }

  @Get(':slug/batches/:id')
  @Header('content-type', HTML)
  async batch(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer);
    const model = await this.office.batch(promotion.id, id, request, officer);
    if (!model) throw new NotFoundException();
    const scripts = ['waiting', 'running'].includes(model.batch.state) ? ['batch.js'] : [];
    return this.desk.other(request, 'payments/batch', {
      title: model.batch.file_name,
      crumbs: [
        { href: '/office/payments', label: 'payments.office.title' },
        { href: `/office/payments/${slug}`, label: promotion.title_vi },
        { label: model.batch.file_name },
      ],
      promotion,
      ...model,
      scripts,
    });
  }

  @Get(':slug/batches/:id/findings.csv')
  async findings(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
  ): Promise<unknown> {
    const promotion = await this.desk.open(slug, officer, ['partner', 'organiser']);
    const lines = await this.office.findingsFile(promotion.id, id, request, officer);
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="findings-${id}.csv"`);
    return reply.send(Readable.from(lines));
  }

  @Post(':slug/batches/:id/cancel')
  async cancel(
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
  ): Promise<string> {
    const promotion = await this.desk.open(slug, officer, ['partner', 'organiser']);
    await this.office.cancel(promotion.id, id, officer);
    return seeOther(reply, `/office/payments/${slug}/batches/${id}`, {
      kind: 'info',
      key: 'payments.done.cancelAsked',
    });
  }
}
