import { Controller, Get, Header, NotFoundException, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { lineChart, type Line } from '../platform/http/charts.js';
import { Views } from '../platform/http/views.js';
import type { BoardQuery } from './board.pages.js';
import { campaignFrame } from './campaign-frame.js';
import { cellKey } from './contest.js';
import { Sights } from './sight.service.js';
import { forecastTests, processOf, walkOf, type Spot } from './unit-indicator-view.js';
import { indicatorViews, unitIn } from './unit-view.js';

type Process = NonNullable<ReturnType<typeof processOf>>;

/** One indicator of one unit: the way walked and agreed, ordinary or not day by day, and how good forecasts were. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class UnitIndicatorPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/units/:unit/indicators/:code')
  @Header('content-type', 'text/html; charset=utf-8')
  async show(
    @Param('slug') slug: string,
    @Param('unit') unitText: string,
    @Param('code') code: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { cut, day } = sight;
    const { unit, row } = unitIn(sight, Number(unitText));
    const indicator = cut.contest.indicators.find((one) => one.code === code);
    const part = row.score.parts.find((one) => one.indicator === code);
    if (!indicator || !part) throw new NotFoundException();
    const [view] = indicatorViews(cut, unit.id, day, [part]);
    const spot = { cut, indicator, unit: unit.id, day };
    const process = processOf(spot);
    const at = sight.on === sight.lastOn ? '' : `?on=${sight.on}`;
    const name = this.views.locale(request) === 'en' ? indicator.nameEn : indicator.nameVi;
    const home = { label: unit.name, href: `/campaigns/${slug}/units/${unit.id}${at}` };
    return this.views.page(request, 'standings/unit-indicator', {
      ...campaignFrame(sight, this.views.locale(request), home, { label: name }),
      title: `${unit.name}: ${name}`,
      unit,
      indicator,
      view: { ...view, disputed: (await this.sights.disputed(sight)).has(cellKey(unit.id, code)) },
      share: indicator.rule.measure === 'share',
      walk: this.walk(request, spot, name, view?.outlook ?? null),
      process,
      processChart: process && this.process(request, spot, name, process),
      tests: forecastTests(spot),
      why: `/campaigns/${slug}/units/${unit.id}/score${at}${at ? '&' : '?'}readings=${code}#readings`,
      all: `/campaigns/${slug}/indicators/${code}${at}`,
    });
  }

  private walk(request: FastifyRequest, spot: Spot, name: string, outlook: Parameters<typeof walkOf>[1]) {
    const { reached, agreed, heading, band } = walkOf(spot, outlook);
    const words = (key: string) => this.views.text(request, `standings.way.${key}`, { indicator: name });
    const lines: Line[] = [
      { kind: 'actual', label: words('reached'), points: reached },
      { kind: 'target', label: words('agreed'), points: agreed },
      ...(heading.length > 0
        ? [{ kind: 'forecast' as const, label: words('heading'), points: heading }]
        : []),
    ];
    const svg = lineChart({
      description: words('chart'),
      lines,
      band,
      unit: spot.indicator.rule.measure === 'share' ? 'percent' : 'number',
      locale: this.views.locale(request),
    });
    return { svg, reached: reached.filter(({ value }) => value !== null).toReversed() };
  }

  private process(request: FastifyRequest, { indicator }: Spot, name: string, process: Process): string {
    const words = (key: string) => this.views.text(request, `standings.process.${key}`, { indicator: name });
    const course = (of: 'mean' | 'lower' | 'upper') =>
      process.days.map(({ day, ordinary }) => ({ day, value: ordinary?.[of] ?? null }));
    return lineChart({
      description: words('chart'),
      lines: [
        { kind: 'actual', label: words('daily'), points: process.days },
        { kind: 'target', label: words('mean'), points: course('mean') },
        { kind: 'other', label: words('limits'), points: course('upper') },
        { kind: 'other', label: '', points: course('lower') },
      ],
      marks: process.days.filter(({ finding }) => finding === 'outside-limits'),
      unit: indicator.rule.measure === 'share' ? 'percent' : 'number',
      locale: this.views.locale(request),
    });
  }
}
