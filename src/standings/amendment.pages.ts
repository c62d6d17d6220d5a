import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { decimalOf } from '../rules/scoring/decimal.js';
import type { Difference } from '../rules/scoring/difference.js';
import { Amendments, type AmendmentPreview } from './amendment.service.js';

const FAR = Number.MAX_SAFE_INTEGER;

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
      groups: groupsOf(preview),
    });
  }
}

function groupsOf({ cut, differences }: AmendmentPreview) {
  return cut.contest.groups.flatMap((group) => {
    const rows = differences.filter((one) => one.group === group.code).map((one) => rowOf(cut, one));
    const moved = rows.filter(({ moves }) => moves);
    const order = rows.toSorted(
      (a, b) => Number(b.moves) - Number(a.moves) || (a.after?.rank ?? FAR) - (b.after?.rank ?? FAR),
    );
    return rows.length > 0
      ? [
          {
            ...group,
            rows: order,
            moved: moved.length,
            places: moved.filter(({ change }) => change.size > 0).length,
          },
        ]
      : [];
  });
}

function rowOf({ contest }: AmendmentPreview['cut'], { unit, before, after }: Difference) {
  const points = (value: number) => decimalOf(value, contest.plan.decimals);
  const places = before?.rank && after?.rank ? before.rank - after.rank : 0;
  const total = before && after ? after.published - before.published : 0;
  return {
    name: contest.units.get(unit)?.name ?? '',
    before: before && { rank: before.rank, score: points(before.published) },
    after: after && { rank: after.rank, score: points(after.published) },
    total: points(total),
    moves: total !== 0 || before?.rank !== after?.rank,
    change: { direction: places > 0 ? 'up' : places < 0 ? 'down' : 'same', size: Math.abs(places) },
  };
}
