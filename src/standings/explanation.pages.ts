import { Controller, Get, Header, Param, ParseIntPipe, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { ScorePage, type ScoreQuery } from './score-page.js';

/** "Why this number?": from the score down to readings, persons and clauses, in one page. */
@ApiExcludeController()
@Public()
@Controller('campaigns')
export class ExplanationPages {
  constructor(private readonly page: ScorePage) {}

  @Get(':slug/units/:unit/score')
  @Header('content-type', 'text/html; charset=utf-8')
  score(
    @Param('slug') slug: string,
    @Param('unit', ParseIntPipe) unitId: number,
    @Query() query: ScoreQuery,
    @Req() request: FastifyRequest,
  ): Promise<string> {
    return this.page.draw(request, slug, unitId, query);
  }
}
