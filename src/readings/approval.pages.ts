import { Body, Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted, postedList } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { waitingFor } from './approvals.queries.js';
import { Approvals } from './approvals.service.js';
import { frameOf, isEnglish, Workplace } from './workplace.js';

const HTML = 'text/html; charset=utf-8';
/** More than this on one page is decided in several rounds. */
const PAGE = 200;

/** Readings that wait for somebody to look at them. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/readings/:slug/approval')
export class ApprovalPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly workplace: Workplace,
    private readonly approvals: Approvals,
  ) {}

  @Get()
  @Header('content-type', HTML)
  list(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.draw(request, officer, slug, [], {});
  }

  @Post()
  @Header('content-type', HTML)
  async decide(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const readings = postedList(body, 'reading')
      .filter((id) => /^\d+$/.test(id))
      .map(Number);
    const verdict = posted(body, 'verdict') === 'return' ? ('return' as const) : ('approve' as const);
    const act = async () => {
      const { campaign } = await this.workplace.of(officer, slug);
      const decision = { readings, verdict, reason: posted(body, 'reason') };
      const n = await this.db.transaction((tx) => this.approvals.decide(tx, campaign, officer, decision));
      const key = verdict === 'return' ? 'readings.done.returned' : 'readings.done.approved';
      return seeOther(reply, `/office/readings/${slug}/approval`, { kind: 'success', key, values: { n } });
    };
    return orAgain(reply, act, (findings) => this.draw(request, officer, slug, findings, body as object));
  }

  private async draw(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    findings: Finding[],
    values: object,
  ): Promise<string> {
    const place = await this.workplace.of(officer, slug);
    const units = place.units.map(({ unitId }) => unitId);
    const waitingList = await waitingFor(this.db, place.campaign.id, units, PAGE);
    return this.views.page(request, 'readings/approval', {
      title: 'readings.approval.title',
      ...frameOf(place, 'approval', isEnglish(this.views, request)),
      waitingList: waitingList.map((one) => ({
        ...one,
        own: one.recordedBy === officer.id,
        lastOn: one.toOn,
      })),
      more: Math.max(0, place.waiting - waitingList.length),
      findings,
      values,
    });
  }
}
