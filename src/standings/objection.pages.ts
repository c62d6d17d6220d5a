import {
  Body,
  Controller,
  Header,
  NotFoundException,
  Param,
  ParseIntPipe,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { Acts } from './acts.service.js';
import { boardOf } from './board-acts.queries.js';
import { DISPUTERS } from './objections.service.js';
import { ScorePage } from './score-page.js';

/** An officer of a unit disputes one of its figures. */
@ApiExcludeController()
@Controller('office/objections')
@Allow(...DISPUTERS)
export class ObjectionPages {
  constructor(
    private readonly db: DataSource,
    private readonly acts: Acts,
    private readonly page: ScorePage,
  ) {}

  @Post(':slug/units/:unit')
  @Header('content-type', 'text/html; charset=utf-8')
  async raise(
    @Param('slug') slug: string,
    @Param('unit', ParseIntPipe) unitId: number,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const board = await boardOf(this.db, slug);
    if (!board) throw new NotFoundException();
    await this.acts.officers.demand(officer, DISPUTERS, { unitId, campaignId: board.campaignId });
    const values = {
      indicator: posted(body, 'indicator'),
      day: posted(body, 'day'),
      reason: posted(body, 'reason'),
    };
    const act = async () => {
      await this.db.transaction((tx) =>
        this.acts.objections.raise(tx, { slug, unitId, ...values, officer: officer.id }),
      );
      const path = `/campaigns/${slug}/units/${unitId}/score`;
      return seeOther(reply, path, { kind: 'success', key: 'standings.done.raised' });
    };
    return orAgain(reply, act, (findings) => this.page.draw(request, slug, unitId, {}, { findings, values }));
  }
}
