import { Controller, Get, Header, NotFoundException, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { dayOfNumber } from '../rules/calendar/day.js';
import { rateText } from '../rules/scoring/explanation.js';
import { percentOf } from '../rules/scoring/decimal.js';
import { Public } from '../platform/http/access.js';
import { linkOf, paged } from '../platform/http/paged.js';
import { spread } from '../platform/http/pictures.js';
import { Views } from '../platform/http/views.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { cellKey, type ContestIndicator } from './contest.js';
import { groupsWith, indicatorRows } from './indicator-view.js';
import { Sights, type Sight } from './sight.service.js';

/** One indicator: every unit of a group, and how even the units are inside. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class IndicatorPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/indicators/:code')
  @Header('content-type', 'text/html; charset=utf-8')
  async indicator(
    @Param('slug') slug: string,
    @Param('code') code: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const locale = this.views.locale(request);
    const indicator = sight.cut.contest.indicators.find((one) => one.code === code);
    if (!indicator) throw new NotFoundException();
    const groups = groupsWith(sight, code);
    const group = groups.find((one) => one.code === query.group) ?? groups[0];
    const disputed = await this.sights.disputed(sight);
    const rows = indicatorRows(sight, indicator, group?.code ?? '').map((row) => ({
      ...row,
      disputed: disputed.has(cellKey(row.unit, code)),
    }));
    const on = sight.on === sight.lastOn ? undefined : sight.on;
    const { shown, pages } = paged(rows, query.page, linkOf({ group: group?.code, on }));
    const name = locale === 'en' ? indicator.nameEn : indicator.nameVi;
    return this.views.page(request, 'standings/indicator', {
      ...campaignFrame(sight, locale, { label: name }),
      indicator,
      share: indicator.rule.measure === 'share',
      target: targetOf(indicator),
      groups: groups.map((one) => ({ ...one, href: `?group=${one.code}`, current: one === group })),
      rows: shown,
      pages,
      groupCode: group?.code ?? '',
      ...pooledOf(sight, indicator, group?.code ?? ''),
      picture: pictureOf(
        rows,
        this.views.text(request, 'standings.indicator.spread', { indicator: name }),
        locale,
        indicator.rule.measure === 'share',
      ),
    });
  }
}

function pooledOf({ cut, day }: Sight, indicator: ContestIndicator, group: string) {
  const total = cut.standings(day).find((one) => one.group === group)?.totals[indicator.code];
  if (!total || total.denominator === 0 || indicator.rule.measure !== 'share') return { pooled: null };
  return { pooled: { ...total, text: percentOf(total, indicator.rule.decimals) } };
}

const targetOf = ({ rule }: ContestIndicator) =>
  rule.target && {
    ...rule.target,
    text: rateText(rule, rule.target.value),
    on: dayOfNumber(rule.target.dueOn),
  };

const pictureOf = (
  rows: readonly { text: string | null }[],
  description: string,
  locale: 'vi' | 'en',
  share: boolean,
) =>
  spread(
    rows.flatMap(({ text }) => (text === null ? [] : [Number(text)])),
    null,
    description,
    endsOf(rows, locale, share),
  );

function endsOf(
  rows: readonly { text: string | null }[],
  locale: 'vi' | 'en',
  share: boolean,
): [string, string] {
  const values = rows
    .flatMap(({ text }) => (text === null ? [] : [text]))
    .toSorted((a, b) => Number(a) - Number(b));
  const write = (text: string | undefined) =>
    text === undefined ? '' : (locale === 'vi' ? text.replace('.', ',') : text) + (share ? '%' : '');
  return [write(values[0]), write(values.at(-1))];
}
