import '@fastify/multipart';
import {
  Controller,
  ForbiddenException,
  Get,
  Header,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain } from '../platform/http/form.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { chainOf, evidenceOf } from './chain.queries.js';
import { Uploads } from './uploads.service.js';
import { frameOf, isEnglish, Workplace } from './workplace.js';

const HTML = 'text/html; charset=utf-8';
/** What may prove a reading; opened by the browser as a download, never as a page of ours. */
const PROOFS: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

/** One reading: its figures, what it replaced and why, who did what, what proves it. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office')
export class ReadingPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly workplace: Workplace,
    private readonly uploads: Uploads,
  ) {}

  @Get('readings/:slug/readings/:id')
  @Header('content-type', HTML)
  show(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.draw(request, officer, slug, id, []);
  }

  @Post('readings/:slug/readings/:id/evidence')
  @Header('content-type', HTML)
  async attach(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const file = await request.file();
    await this.chain(officer, slug, id);
    const act = async () => {
      const type = PROOFS[/\.(\w+)$/.exec(file?.filename ?? '')?.[1]?.toLowerCase() ?? ''];
      if (!file || !type)
        throw new InputError([
          {
            field: 'file',
            code: 'readings.findings.proof-kind',
            got: file?.filename ?? '',
            expected: Object.keys(PROOFS).join(', '),
          },
        ]);
      const upload = await this.uploads.keep(file.filename, type, await file.toBuffer(), officer.id);
      await this.db.transaction((tx) => this.uploads.attach(tx, id, upload.id, officer.id));
      return seeOther(reply, `/office/readings/${slug}/readings/${id}`, {
        kind: 'success',
        key: 'readings.done.attached',
      });
    };
    return orAgain(reply, act, (findings) => this.draw(request, officer, slug, id, findings));
  }

  @Get('evidence/:id')
  async download(
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.uploads.proof(id);
    const [campaign] = await this.db.query<{ slug: string }[]>('select slug from campaign where id = $1', [
      file.campaignId,
    ]);
    const { units } = await this.workplace.of(officer, campaign?.slug ?? '');
    if (!units.some(({ unitId }) => unitId === file.unitId))
      throw new ForbiddenException('officers.refusals.noRight');
    await reply
      .header('content-type', file.mediaType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('x-content-type-options', 'nosniff')
      .send(file.content);
  }

  private async chain(officer: Officer, slug: string, id: number) {
    const place = await this.workplace.of(officer, slug);
    const chain = await chainOf(this.db, place.campaign.id, id);
    const reading = chain.find((one) => one.id === id);
    if (!reading) throw new NotFoundException();
    if (!place.units.some(({ unitId }) => unitId === reading.unitId))
      throw new ForbiddenException('officers.refusals.noRight');
    return { place, chain, reading };
  }

  private async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    id: number,
    findings: Finding[],
  ): Promise<string> {
    const { place, chain, reading } = await this.chain(officer, slug, id);
    const english = isEnglish(this.views, request);
    return this.views.page(request, 'readings/reading', {
      title: `${reading.fullName}: ${english ? reading.nameEn : reading.nameVi}`,
      ...frameOf(place, 'grid', english),
      reading,
      chain,
      evidence: await evidenceOf(this.db, id),
      findings,
    });
  }
}
