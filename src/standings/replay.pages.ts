import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { decimalOf } from '../rules/scoring/decimal.js';
import { awardCut } from '../rules/scoring/rank.js';
import { Public } from '../platform/http/access.js';
import { linkOf, paged } from '../platform/http/paged.js';
import { Views } from '../platform/http/views.js';
import { dayTextOf } from './board-view.js';
import { bandNamed, type BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { groupsFor, lanesOf } from './replay-view.js';
import { Sights, type Sight } from './sight.service.js';

interface RevealQuery extends BoardQuery {
  /** How many places have been read out already, from the bottom. */
  readonly shown?: string;
  readonly awards?: string;
}

/** The whole campaign again, and the reading out of its result. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class ReplayPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/replay')
  @Header('content-type', 'text/html; charset=utf-8')
  async replay(
    @Param('slug') slug: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { groups, group } = groupsFor(sight, query.group);
    const lanes = lanesOf(sight, group?.code ?? '');
    const on = sight.on === sight.lastOn ? undefined : sight.on;
    const { shown, pages } = paged(lanes, query.page, linkOf({ group: group?.code, on }));
    const locale = this.views.locale(request);
    return this.views.page(request, 'standings/replay', {
      ...campaignFrame(sight, locale, { label: 'standings.replay.title' }),
      groups,
      lanes: shown,
      pages,
      question: new URLSearchParams({ on: sight.on, group: group?.code ?? '' }).toString(),
      marks: marksOf(sight),
      race: JSON.stringify({
        days: Array.from({ length: sight.day + 1 }, (_, day) => dayTextOf(sight.cut, day)),
        units: lanes.map(({ name, scores, places }) => ({ name, scores, places })),
      }),
      scripts: ['standings-race.js'],
    });
  }

  /** Bottom row first, one at a time; the presenter goes on with a link, so it works without a script. */
  @Get(':slug/ceremony')
  @Header('content-type', 'text/html; charset=utf-8')
  async ceremony(
    @Param('slug') slug: string,
    @Query() query: RevealQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { groups, group } = groupsFor(sight, query.group);
    const standings = sight.cut.standings(sight.day).find((one) => one.group === group?.code);
    const ranked = (standings?.rows ?? []).filter(({ place }) => place.rank !== null).toReversed();
    const shown = Math.min(ranked.length, Math.max(0, Number(query.shown) || 0));
    const awards = Math.max(1, Number(query.awards) || 3);
    const places = (standings?.rows ?? []).map(({ place }) => place);
    const cut = awardCut(places, awards);
    const link = (n: number) =>
      `?${new URLSearchParams({ group: group?.code ?? '', awards: String(awards), shown: String(n) }).toString()}`;
    return this.views.page(request, 'standings/ceremony', {
      ...campaignFrame(sight, this.views.locale(request), { label: 'standings.ceremony.title' }),
      layout: 'hall',
      groups,
      group,
      rows: ranked
        .slice(0, shown)
        .toReversed()
        .map((row, index) => ({
          name: sight.cut.contest.units.get(row.unit)?.name ?? '',
          place: row.place.rank,
          score: decimalOf(row.score.published, sight.cut.contest.plan.decimals),
          band: bandNamed(sight, row.band),
          newest: index === 0,
          award: cut.sure.includes(row.unit),
          tied: cut.tied.includes(row.unit),
        })),
      left: ranked.length - shown,
      awards,
      next: shown < ranked.length ? link(shown + 1) : null,
      back: shown > 0 ? link(shown - 1) : null,
      all: link(ranked.length),
    });
  }
}

/** A column for each week, and the last day. */
function marksOf({ cut, day }: Sight) {
  const marks = Array.from({ length: Math.floor(day / 7) + 1 }, (_, index) => index * 7);
  if (marks.at(-1) !== day) marks.push(day);
  return marks.map((on) => ({ on: dayTextOf(cut, on), index: on }));
}
