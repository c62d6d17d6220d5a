import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted, postedList } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { completenessOf } from './completeness.queries.js';
import { LockExceptions } from './lock-exceptions.service.js';
import { frameOf, isEnglish, Workplace } from './workplace.js';

const HTML = 'text/html; charset=utf-8';

/** Who has reported, who has not, and who may report late. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/readings/:slug')
export class CompletenessPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly workplace: Workplace,
    private readonly locks: LockExceptions,
  ) {}

  @Get('completeness')
  @Header('content-type', HTML)
  list(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Query('group') group = '',
  ): Promise<string> {
    return this.draw(request, officer, slug, { group });
  }

  @Post('locks')
  @Header('content-type', HTML)
  async reopen(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const units = postedList(body, 'unit')
      .filter((id) => /^\d+$/.test(id))
      .map(Number);
    const wanted = {
      units,
      firstOn: posted(body, 'firstOn'),
      lastOn: posted(body, 'lastOn'),
      openUntil: posted(body, 'openUntil'),
      reason: posted(body, 'reason'),
    };
    const act = async () => {
      const { campaign } = await this.workplace.of(officer, slug, ['organiser']);
      await this.db.transaction((tx) => this.locks.grant(tx, campaign, officer, wanted));
      return seeOther(reply, `/office/readings/${slug}/completeness`, {
        kind: 'success',
        key: 'readings.done.reopened',
      });
    };
    return orAgain(reply, act, (findings) =>
      this.draw(request, officer, slug, { findings, values: body as object }),
    );
  }

  private async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    { group = '', findings = [] as Finding[], values = {} },
  ): Promise<string> {
    const place = await this.workplace.of(officer, slug);
    const mine = new Set(place.units.map(({ unitId }) => unitId));
    const lastOn = this.locks.lastOn(place.campaign);
    const rows = (await completenessOf(this.db, place.campaign, lastOn)).filter(({ unitId }) =>
      mine.has(unitId),
    );
    return this.views.page(request, 'readings/completeness', {
      title: 'readings.completeness.title',
      ...frameOf(place, 'completeness', isEnglish(this.views, request)),
      lastOn,
      groups: new Set(rows.map((row) => row.group)).size > 1,
      lines: rows
        .filter((row) => !group || row.group === group)
        .map((row) => ({
          ...row,
          look: lookOf(row.complete),
          missing: Math.max(0, row.expected - row.received),
        })),
      exceptions: await this.locks.open(this.db.manager, place.campaign),
      findings,
      values,
    });
  }
}

const lookOf = (complete: string | null) =>
  complete === null ? 'off' : Number(complete) >= 95 ? 'good' : Number(complete) >= 70 ? 'watch' : 'late';
