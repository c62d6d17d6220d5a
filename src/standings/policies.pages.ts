import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { groundOf, pagedTrials, type PolicyQuery, policyView } from './policy-view.js';
import { Sights } from './sight.service.js';

/** The policy simulator: every unit of a running campaign under every way to treat the empty and the small. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class PolicyPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/policies')
  @Header('content-type', 'text/html; charset=utf-8')
  async policies(
    @Param('slug') slug: string,
    @Query() query: BoardQuery & PolicyQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    return this.views.page(request, 'standings/policies', {
      ...campaignFrame(sight, this.views.locale(request), { label: 'standings.policies.title' }),
      ...pagedTrials(policyView(groundOf(sight), query), query),
      tablesAt: `/api/v1/campaigns/${slug}/policies`,
      unitsAt: `/campaigns/${slug}/units/`,
    });
  }
}
