import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { decimalOf } from '../rules/scoring/decimal.js';
import { Public } from '../platform/http/access.js';
import { lineChart } from '../platform/http/charts.js';
import type { Locale } from '../platform/http/format.js';
import { Views } from '../platform/http/views.js';
import { bandNamed, type BoardQuery } from './board.pages.js';
import { lastDayOf, notesOf } from './board-notes.js';
import { campaignFrame } from './campaign-frame.js';
import { cellKey, partsOf } from './contest.js';
import { passageViews } from './passage-view.js';
import { Sights, type Sight } from './sight.service.js';
import { reachOf } from './reach.js';
import { dayText, indicatorViews, unitIn } from './unit-view.js';

@ApiExcludeController()
@Public()
@Controller('campaigns')
export class UnitPages {
  constructor(
    private readonly sights: Sights,
    private readonly views: Views,
  ) {}

  @Get(':slug/units/:unit')
  @Header('content-type', 'text/html; charset=utf-8')
  async unit(
    @Param('slug') slug: string,
    @Param('unit') unitText: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { cut, day } = sight;
    if (lastDayOf(cut, Number(unitText), day)) return this.departed(sight, Number(unitText), request);
    const seen = unitIn(sight, Number(unitText));
    const { unit, row, standings, group } = seen;
    const locale = this.views.locale(request);
    const reach = reachOf(cut, day, seen);
    const disputed = await this.sights.disputed(sight);
    const own = `/campaigns/${slug}/units/${unit.id}`;
    const at = sight.on === sight.lastOn ? '' : `?on=${sight.on}`;
    const members = standings.rows.filter(({ place }) => place.rank !== null).length;
    return this.views.page(request, 'standings/unit', {
      ...campaignFrame(sight, locale, { label: unit.name }),
      unit,
      ...passagesOf(sight, unit.id),
      notes: notesOf(cut, day, { unit: unit.id }),
      group: cut.contest.groups.find(({ code }) => code === group.code),
      row: { ...row, published: decimalOf(row.score.published, cut.contest.plan.decimals) },
      members,
      progressScore: decimalOf(row.progress.published, cut.contest.plan.decimals),
      band: bandNamed(sight, row.band),
      adjusted: row.score.adjusted === 0 ? null : decimalOf(row.score.adjusted, 2),
      indicators: indicatorViews(cut, unit.id, day, row.score.parts).map((view) => ({
        ...view,
        disputed: disputed.has(cellKey(unit.id, view.indicator)),
      })),
      own,
      at,
      reach: { ...reach, above: reach.unit === null ? null : cut.contest.units.get(reach.unit) },
      why: `${own}/score${at}`,
      chart: this.chart(sight, unit.id, unit.name, locale, request),
      trail: trailTable(sight, unit.id),
    });
  }

  /** A unit that left: why, and the way to its last day. */
  private departed(sight: Sight, unit: number, request: FastifyRequest): string {
    const { cut, day } = sight;
    const { slug, units } = cut.contest;
    const leftOn = lastDayOf(cut, unit, day);
    return this.views.page(request, 'standings/departed', {
      ...campaignFrame(sight, this.views.locale(request), { label: units.get(unit)?.name ?? '' }),
      notes: notesOf(cut, day, { unit }),
      leftOn,
      lastHref: `/campaigns/${slug}/units/${unit}?on=${leftOn}`,
    });
  }

  private chart(
    { cut, day }: Sight,
    unit: number,
    name: string,
    locale: Locale,
    request: FastifyRequest,
  ): string {
    const points = trailTable({ cut, day }, unit).map(({ on, score }) => ({ day: on, value: score }));
    if (points.length < 2) return '';
    const label = this.views.text(request, 'standings.unit.scoreLine');
    return lineChart({
      description: this.views.text(request, 'standings.unit.scoreChart', { unit: name }),
      lines: [{ kind: 'actual', label, points }],
      unit: 'number',
      locale,
      stretches: cut.contest.phases.map(({ startsOn, endsOn, titleVi, titleEn }) => ({
        from: startsOn,
        to: endsOn < dayText(cut, day) ? endsOn : dayText(cut, day),
        label: locale === 'en' ? titleEn : titleVi,
      })),
    });
  }
}

/** What became of the unit and its parts, and how many parts it has. */
const passagesOf = ({ cut, day }: Sight, unit: number) => ({
  passages: passageViews(cut, day, unit),
  passagesOpen: true,
  parts: partsOf(cut.contest, unit).length,
});

function trailTable({ cut, day }: Pick<Sight, 'cut' | 'day'>, unit: number) {
  const row = cut.cube.rowOf(unit);
  const { scores, ranks } = cut.history();
  return Array.from({ length: day + 1 }, (_, on) => {
    const at = on * cut.cube.rows + row;
    const score = scores[at] ?? -1;
    return {
      on: dayText(cut, on),
      score: score < 0 ? null : decimalOf(score, cut.contest.plan.decimals),
      place: ranks[at] || null,
    };
  });
}
