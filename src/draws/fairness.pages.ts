import { Controller, Get, Header, NotFoundException, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { drawTitle } from './draw-title.js';
import { FairnessQueries } from './fairness.queries.js';
import { PublicQueries } from './public.queries.js';
import { HTML, numberIn } from './room.pages.js';

@ApiExcludeController()
@Controller('draws/:promotion/:period/fairness')
@Public()
export class FairnessPages {
  constructor(
    private readonly views: Views,
    private readonly queries: PublicQueries,
    private readonly fairness: FairnessQueries,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @Param() { promotion, period }: { promotion: string; period: string },
    @Query('number') number?: string,
  ): Promise<string> {
    const draw = await this.queries.find(promotion, period, numberIn(number));
    const { result } = await this.queries.draw(draw);
    const facts = result && (await this.fairness.of(draw));
    if (!facts) throw new NotFoundException();
    const name = drawTitle(this.views, request, draw);
    return this.views.page(request, 'draws/fairness', {
      title: 'draws.fairness.title',
      lead: name,
      crumbs: [
        { href: '/', label: 'shell.nav.home' },
        { href: `/draws/${promotion}/${period}`, label: name },
        { label: 'draws.fairness.title' },
      ],
      draw,
      ...facts,
    });
  }
}
