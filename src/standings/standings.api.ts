import { createHash } from 'node:crypto';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { asFiles, formOf, forAnySite, Tables } from '../platform/http/tables.js';
import { visitOf } from '../platform/http/visit.js';
import { ordered, sortableUnit, type Order } from './board-order.js';
import { orderOf } from './board.pages.js';
import { changesSince } from './published-places.js';
import { documentOf, sealed, type StandingsDocument } from './standings-document.js';
import { Publications } from './publications.service.js';
import { Sights, type Glance, type Sight } from './sight.service.js';
import { partOf, standingsTable, type Part } from './standings-table.js';

type Question = Glance & Part & Partial<Order>;

@ApiTags('standings')
@ApiParam({ name: 'slug', example: '92-ngay-dem' })
@ApiQuery({ name: 'on', required: false, description: 'day the standings are about, 2022-06-22' })
@ApiQuery({ name: 'knownAt', required: false, description: 'instant, only readings approved by then count' })
@ApiQuery({ name: 'rules', required: false, description: 'number of a published rules version' })
@ApiQuery({ name: 'tree', required: false, description: 'day whose tree of units is used' })
@ApiQuery({ name: 'group', required: false, description: 'code of a group' })
@ApiQuery({ name: 'unit', required: false, description: 'code or id of a unit' })
@ApiQuery({ name: 'indicator', required: false, description: 'code of an indicator' })
@ApiQuery({ name: 'q', required: false, description: 'part of a unit’s name' })
@ApiQuery({ name: 'by', required: false, description: 'level or progress: which of the two boards' })
@ApiQuery({
  name: 'sort',
  required: false,
  description: 'place, change, unit, score, other (the other board’s), or the code of an indicator',
})
@ApiQuery({ name: 'dir', required: false, description: 'asc or desc' })
@Public()
@Controller('api/v1/campaigns')
export class StandingsApi {
  constructor(
    private readonly sights: Sights,
    private readonly publications: Publications,
    private readonly tables: Tables,
  ) {}

  @Get(':slug/standings')
  @ApiOperation({
    summary: 'Scores and places of every group',
    description:
      'Canonical JSON of the standings of a day. Without keys: what is known now. The same four keys (day, instant known at, ' +
      'rules version, tree of units) always give the same bytes. Answers 304 to If-None-Match with the ETag of the last answer.',
  })
  async standings(
    @Param('slug') slug: string,
    @Query() query: Question,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, query, request.officer);
    const { text, sha256 } = sealed(await this.asked(sight, query));
    await answer(request, reply, 'application/json; charset=utf-8', text, sha256);
  }

  @Get(asFiles(':slug/standings'))
  @ApiOperation({
    summary: 'The same as a table, one line per unit and indicator, as CSV or as an Excel workbook',
    description:
      'In CSV decimals stand as they are published; in the workbook they are numbers, and codes are texts.',
  })
  async table(
    @Param('slug') slug: string,
    @Query() query: Question,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, query, request.officer);
    const document = await this.asked(sight, query);
    const tag = createHash('sha256')
      .update(`${formOf(request)} ${visitOf(request).locale} ${sealed(document).sha256}`)
      .digest('hex');
    if (await has(request, reply, tag)) return;
    const name = ['standings', slug, query.group, query.unit, query.indicator, sight.on]
      .filter(Boolean)
      .join('-');
    await this.tables.send(request, reply, standingsTable(name, document));
  }

  @Get(asFiles(':slug/publications/:number/standings'))
  @ApiOperation({
    summary: 'Published standings as a table, as CSV or as an Excel workbook',
    description:
      'The canonical bytes that were published stand at /campaigns/{slug}/publications/{number}/standings.json.',
  })
  async published(
    @Param('slug') slug: string,
    @Param('number') number: string,
    @Query() part: Part,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, {}, request.officer);
    const { document } = await this.publications.numbered(sight, number);
    const name = `standings-${slug}-published-${number}`;
    await this.tables.send(request, reply, standingsTable(name, partOf(document, part)));
  }

  /** The part wanted, in the order wanted: a board's own where nothing is said. */
  private async asked(sight: Sight, query: Question): Promise<StandingsDocument> {
    const document = documentOf(sight.cut, sight.day);
    const order = orderOf(query);
    if (!order.sort && !order.dir && order.by === 'level') return partOf(document, query);
    const last = order.sort === 'change' ? await this.publications.before(sight) : null;
    return partOf(document, query, (units, group) => {
      const changes = changesSince(last, sight, group);
      return ordered(units, order, (unit) => sortableUnit(unit, order.by, changes));
    });
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
  if (await has(request, reply, sha256)) return;
  await reply.header('content-type', type).send(text);
}

/** Sets the tag; true when the reader has the answer already and has been told so. */
async function has(request: FastifyRequest, reply: FastifyReply, sha256: string): Promise<boolean> {
  const tag = `"${sha256.slice(0, 32)}"`;
  void reply.header('etag', tag);
  forAnySite(request, reply);
  const seen = request.headers['if-none-match']?.split(/,\s*/).some((one) => one.replace(/^W\//, '') === tag);
  if (seen) await reply.status(304).send();
  return seen === true;
}
