import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { pagedTrials, type PolicyQuery, policyView } from './policy-view.js';
import { Simulations } from './simulation.service.js';

/** The policy simulator for the plan on the desk, published or not. */
@ApiExcludeController()
@Controller('office/campaigns')
@Allow('organiser')
export class SimulationPages {
  constructor(
    private readonly simulations: Simulations,
    private readonly views: Views,
  ) {}

  @Get(':slug/simulation')
  @Header('content-type', 'text/html; charset=utf-8')
  async simulate(
    @Param('slug') slug: string,
    @Query() query: PolicyQuery & { figures?: string },
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    const tried = await this.simulations.see(officer, slug, query.figures);
    const { campaign, ground, donors, figures, shared } = tried;
    const kept: Record<string, string> = figures ? { figures } : {};
    const english = this.views.locale(request) === 'en';
    return this.views.page(request, 'standings/simulation', {
      title: 'standings.policies.title',
      lead: 'standings.policies.lead',
      crumbs: [
        { label: 'shell.nav.office', href: '/office' },
        { label: 'campaigns.list.title', href: '/office/campaigns' },
        { label: english ? campaign.titleEn : campaign.titleVi, href: `/office/campaigns/${slug}` },
      ],
      donors: donors.map((donor) => ({
        value: donor.slug,
        label: english ? donor.titleEn : donor.titleVi,
        current: donor.slug === figures,
      })),
      shared,
      tablesAt: `/api/v1/office/campaigns/${slug}/simulation`,
      indicators: ground.contest.indicators.length,
      ...pagedTrials(policyView(ground, query, kept), query, kept),
    });
  }
}
