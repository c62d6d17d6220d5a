import {
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  Query,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { drawTitle, promotionTitle } from './draw-title.js';
import { Bundles } from './bundle.service.js';
import { zipped } from './zipped.js';
import { PublicQueries } from './public.queries.js';
import { HTML, numberIn } from './room.pages.js';

interface Which {
  promotion: string;
  period: string;
}

/** The draw as everybody sees it, and everything that is needed to check it. */
@ApiExcludeController()
@Controller('draws/:promotion/:period')
@Public()
export class DrawPages {
  constructor(
    private readonly views: Views,
    private readonly queries: PublicQueries,
    private readonly bundles: Bundles,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @Param() { promotion, period }: Which,
    @Query('number') number?: string,
  ): Promise<string> {
    const draw = await this.queries.find(promotion, period, numberIn(number));
    const title = drawTitle(this.views, request, draw);
    return this.views.page(request, 'draws/draw', {
      title,
      crumbs: [
        { href: '/', label: 'shell.nav.home' },
        { href: `/promotions/${promotion}`, label: promotionTitle(this.views, request, draw) },
        { label: title },
      ],
      scripts: ['draw-room.js'],
      here: `/draws/${promotion}/${period}`,
      query: draw.number > 1 || number ? `?number=${draw.number}` : '',
      ...(await this.queries.draw(draw)),
    });
  }

  @Get('bundle.zip')
  async bundle(
    @Param() { promotion, period }: Which,
    @Query('number') number: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const draw = await this.queries.find(promotion, period, numberIn(number));
    const files = await this.bundles.files(draw.slug);
    if (!files.has('checkpoint.txt')) throw new NotFoundException();
    const name = `${draw.slug.replaceAll('/', '-')}.zip`;
    void reply.header('cache-control', 'no-cache');
    return new StreamableFile(zipped(files), {
      type: 'application/zip',
      disposition: `attachment; filename="${name}"`,
    });
  }

  /** One file of the bundle, to be read in the browser. */
  @Get('files/*')
  async file(
    @Param() params: Which & { '*': string },
    @Query('number') number: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const draw = await this.queries.find(params.promotion, params.period, numberIn(number));
    const bytes = (await this.bundles.files(draw.slug)).get(params['*']);
    if (!bytes) throw new NotFoundException();
    void reply.header('cache-control', 'no-cache');
    const ending = /\.(json|html|csv)$/.exec(params['*'])?.[1] ?? 'txt';
    return new StreamableFile(bytes, { type: `${TYPES[ending]}; charset=utf-8` });
  }
}

const TYPES: Record<string, string> = {
  json: 'application/json',
  html: 'text/html',
  csv: 'text/csv',
  txt: 'text/plain',
};
