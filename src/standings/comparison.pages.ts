import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CAUSES } from '../rules/scoring/difference.js';
import { Public } from '../platform/http/access.js';
import { linkOf, paged } from '../platform/http/paged.js';
import { Views } from '../platform/http/views.js';
import { campaignFrame } from './campaign-frame.js';
import { Comparisons } from './comparison.service.js';
import { comparisonView, type CompareQuery } from './comparison-view.js';
import { Sights } from './sight.service.js';

/** Two moments side by side: who moved, and why. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class ComparisonPages {
  constructor(
    private readonly sights: Sights,
    private readonly comparisons: Comparisons,
    private readonly views: Views,
  ) {}

  @Get(':slug/compare')
  @Header('content-type', 'text/html; charset=utf-8')
  async compare(
    @Param('slug') slug: string,
    @Query() query: CompareQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, {}, request.officer);
    const view = await comparisonView(this.comparisons, sight, query);
    const { from, to, asked, groups, group, rows } = view;
    const kept = { ...asked, group: group?.code ?? '' };
    const { shown, pages } = paged(rows, query.page, linkOf(kept));
    const locale = this.views.locale(request);
    return this.views.page(request, 'standings/compare', {
      ...campaignFrame(sight, locale, { label: 'standings.compare.title' }),
      from,
      to,
      fromValue: asked.from,
      toValue: asked.to,
      choices: sight.publications.map((one) => ({
        value: `#${one.number}`,
        number: one.number,
        on: one.as_of,
      })),
      groups: groups.map((one) => ({
        ...one,
        current: one === group,
        href: `?${new URLSearchParams({ ...asked, group: one.code }).toString()}`,
      })),
      group,
      causes: CAUSES,
      rows: shown,
      pages,
      question: new URLSearchParams(kept).toString(),
    });
  }
}
