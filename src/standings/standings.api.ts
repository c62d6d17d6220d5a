import { createHash } from 'node:crypto';
import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { documentOf, sealed } from './standings-document.js';
import { Sights, type Glance } from './sight.service.js';
import { standingsCsv } from './standings-csv.js';

@ApiTags('standings')
@Public()
@Controller('api/v1/campaigns')
export class StandingsApi {
  constructor(private readonly sights: Sights) {}

  @Get(':slug/standings')
  @ApiOperation({
    summary: 'Scores and places of every group',
    description:
      'Canonical JSON of the standings of a day. Without keys: what is known now. The same four keys (day, instant known at, ' +
      'rules version, tree of units) always give the same bytes. Answers 304 to If-None-Match with the ETag of the last answer.',
  })
  @ApiParam({ name: 'slug', example: '92-ngay-dem' })
  @ApiQuery({ name: 'on', required: false, description: 'day the standings are about, 2022-06-22' })
  @ApiQuery({
    name: 'knownAt',
    required: false,
    description: 'instant, only readings approved by then count',
  })
  @ApiQuery({ name: 'rules', required: false, description: 'number of a published rules version' })
  @ApiQuery({ name: 'tree', required: false, description: 'day whose tree of units is used' })
  async standings(
    @Param('slug') slug: string,
    @Query() query: Glance,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { cut, day } = await this.sights.see(slug, query, request.officer);
    const { text, sha256 } = sealed(documentOf(cut, day));
    await answer(request, reply, 'application/json; charset=utf-8', text, sha256);
  }

  @Get(':slug/standings.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @ApiOperation({ summary: 'The same as a table, one line per unit and indicator' })
  async csv(
    @Param('slug') slug: string,
    @Query() query: Glance,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { cut, day, on } = await this.sights.see(slug, query, request.officer);
    const text = standingsCsv(documentOf(cut, day));
    void reply.header('content-disposition', `attachment; filename="standings-${slug}-${on}.csv"`);
    await answer(
      request,
      reply,
      'text/csv; charset=utf-8',
      text,
      createHash('sha256').update(text).digest('hex'),
    );
  }
}

/** Sends a text under its digest as ETag, or says that the reader has it already. */
export async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
  sha256: string,
): Promise<void> {
  const tag = `"${sha256.slice(0, 32)}"`;
  void reply
    .header('etag', tag)
    .header('cache-control', 'no-cache')
    .header('access-control-allow-origin', '*');
  if (request.headers['if-none-match']?.split(/,\s*/).some((one) => one.replace(/^W\//, '') === tag))
    return void (await reply.status(304).send());
  await reply.header('content-type', type).send(text);
}
