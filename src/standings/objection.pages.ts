import { Body, Controller, NotFoundException, Param, ParseIntPipe, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { posted } from '../platform/http/form.js';
import { Acts } from './acts.service.js';
import { boardOf } from './board-acts.queries.js';
import { DISPUTERS } from './objections.service.js';

/** An officer of a unit disputes one of its figures. */
@ApiExcludeController()
@Controller('office/objections')
@Allow(...DISPUTERS)
export class ObjectionPages {
  constructor(
    private readonly db: DataSource,
    private readonly acts: Acts,
  ) {}

  @Post(':slug/units/:unit')
  async raise(
    @Param('slug') slug: string,
    @Param('unit', ParseIntPipe) unitId: number,
    @Body() body: unknown,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const board = await boardOf(this.db, slug);
    if (!board) throw new NotFoundException();
    await this.acts.officers.demand(officer, DISPUTERS, { unitId, campaignId: board.campaignId });
    const order = {
      indicator: posted(body, 'indicator'),
      day: posted(body, 'day'),
      reason: posted(body, 'reason'),
    };
    await this.db.transaction((tx) =>
      this.acts.objections.raise(tx, { slug, unitId, ...order, officer: officer.id }),
    );
    const path = `/campaigns/${slug}/units/${unitId}/score`;
    return seeOther(reply, path, { kind: 'success', key: 'standings.done.raised' });
  }
}
