import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { Amendments } from './amendment.service.js';
import { amendedGroups } from './amendment-view.js';

/** Before an amendment is published: every score and every place it moves, old and new. */
@ApiExcludeController()
@Controller('office/campaigns')
@Allow('organiser')
export class AmendmentPages {
  constructor(
    private readonly amendments: Amendments,
    private readonly views: Views,
  ) {}

  @Get(':slug/amendment')
  @Header('content-type', 'text/html; charset=utf-8')
  async preview(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    const preview = await this.amendments.preview(officer, slug);
    const { campaign, rules, on, cut, changes } = preview;
    const english = this.views.locale(request) === 'en';
    const groupName = (code: string | null) => cut.contest.groups.find((group) => group.code === code);
    return this.views.page(request, 'standings/amendment', {
      title: 'standings.amendment.title',
      crumbs: [
        { label: 'shell.nav.office', href: '/office' },
        { label: 'campaigns.list.title', href: '/office/campaigns' },
        { label: english ? campaign.titleEn : campaign.titleVi, href: `/office/campaigns/${slug}` },
      ],
      campaign,
      rules,
      on,
      figures: ['weight', 'target', 'baseline', 'minimum'],
      policies: ['onNotApplicable', 'onNoCases', 'onFewCases', 'onMissing'],
      changes: changes.map((change) => ({ ...change, group: groupName(change.group) })),
      groups: amendedGroups(preview),
    });
  }
}
