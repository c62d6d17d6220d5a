import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { mapRows, outlineMap, tileMaps } from './map-view.js';
import { Maps } from './maps.service.js';
import { Sights, type Sight } from './sight.service.js';

interface MapQuery extends BoardQuery {
  readonly indicator?: string;
}

/** Where units stand, as tiles from the tree and, with an uploaded map, in their outlines. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class MapPages {
  constructor(
    private readonly sights: Sights,
    private readonly maps: Maps,
    private readonly views: Views,
  ) {}

  @Get(':slug/map')
  @Header('content-type', 'text/html; charset=utf-8')
  async show(
    @Param('slug') slug: string,
    @Query() query: MapQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { contest } = sight.cut;
    const locale = this.views.locale(request);
    const groups = groupsOf(sight);
    const group = groups.find(({ code }) => code === query.group) ?? groups[0];
    const chosen = contest.indicators.find(({ code }) => code === query.indicator);
    const name = (one: { nameVi: string; nameEn: string }) => (locale === 'en' ? one.nameEn : one.nameVi);
    const rows = mapRows(sight, group?.code ?? '', chosen?.code, locale);
    const what = chosen ? name(chosen) : this.views.text(request, 'standings.board.score');
    const describe = (place: string) =>
      this.views.text(request, 'standings.map.picture', { what, where: place || (group ? name(group) : '') });
    const map = await this.maps.of(contest.id);
    return this.views.page(request, 'standings/map', {
      ...campaignFrame(sight, locale, { label: 'standings.map.title' }),
      groups: groups.map((one) => ({
        ...one,
        href: linkTo(query, { group: one.code }),
        current: one === group,
      })),
      group,
      indicator: chosen?.code ?? '',
      indicators: [
        { value: '', label: this.views.text(request, 'standings.map.byScore') },
        ...applying(sight, group?.code ?? '').map((one) => ({ value: one.code, label: name(one) })),
      ],
      outlines: map && outlineMap(rows, map, describe('')),
      tiles: tileMaps(sight, rows, describe),
      rows,
      words: WORDS.map((look) => ({ look, word: `${chosen ? 'look' : 'third'}.${look}` })),
      keep: keepOf(group?.code, query.on),
    });
  }
}

const WORDS = ['good', 'watch', 'late', 'off'];

const keepOf = (group: string | undefined, on: string | undefined) =>
  Object.entries({ group, on }).flatMap(([name, value]) => (value ? [{ name, value }] : []));

const groupsOf = ({ cut: { contest } }: Sight) =>
  contest.groups.filter(({ code }) =>
    contest.plan.groups.some((one) => one.code === code && one.units.length > 0),
  );

function applying({ cut: { contest } }: Sight, group: string) {
  const weights = contest.plan.groups.find(({ code }) => code === group)?.weights ?? {};
  return contest.indicators.filter(({ code }) => (weights[code] ?? 0) > 0);
}

function linkTo({ on, indicator }: MapQuery, change: Record<string, string>): string {
  const kept = Object.entries({ on, indicator, ...change }).filter((one): one is [string, string] =>
    Boolean(one[1]),
  );
  return `?${new URLSearchParams(kept).toString()}`;
}
