import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { burnUpOf } from '../tasks/tasks.queries.js';
import type { BoardQuery } from './board.pages.js';
import { notesOf } from './board-notes.js';
import { campaignFrame } from './campaign-frame.js';
import { Publications } from './publications.service.js';
import { groupReports } from './report-view.js';
import { Sights, type Sight } from './sight.service.js';

/** The report of a review, to be printed: figures against targets, the order, what moved, what is still open. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class ReportPages {
  constructor(
    private readonly db: DataSource,
    private readonly sights: Sights,
    private readonly publications: Publications,
    private readonly views: Views,
  ) {}

  @Get(':slug/report')
  @Header('content-type', 'text/html; charset=utf-8')
  async report(
    @Param('slug') slug: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { contest } = sight.cut;
    const last = await this.publications.before(sight);
    const final = sight.state === 'final' && !sight.special;
    return this.views.page(request, 'standings/report', {
      ...campaignFrame(sight, this.views.locale(request), {
        label: final ? 'standings.report.final' : 'standings.report.interim',
      }),
      titleVi: contest.titleVi,
      titleEn: contest.titleEn,
      rulesNumber: contest.rulesNumber,
      rulesDecision: contest.rulesDecision,
      published: sight.publications.find(({ as_of: asOf }) => asOf === sight.on) ?? null,
      last: last && { number: last.number, on: last.as_of },
      groups: groupReports(sight, last),
      notes: contest.groups.flatMap(({ code }) => notesOf(sight.cut, sight.day, { group: code })),
      disputed: (await this.sights.disputed(sight)).size,
      excluded: [...contest.excluded].filter((day) => day <= contest.start + sight.day).length,
      tasks: await this.tasks(sight),
      scripts: [],
    });
  }

  /** Done, under way, not begun on that day; nothing for a campaign without tasks. */
  private async tasks({ cut, on }: Sight) {
    const [day] = await burnUpOf(this.db, cut.contest.id, on, on);
    return day && day.scope > 0 ? { ...day, left: day.scope - day.done - day.underWay } : null;
  }
}
