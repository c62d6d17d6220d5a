import { Controller, Get, NotFoundException, Param, ParseIntPipe, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { inEveryForm, Tables } from '../platform/http/tables.js';
import type { BoardQuery } from './board.pages.js';
import { Comparisons } from './comparison.service.js';
import { comparisonTable, comparisonView, type CompareQuery } from './comparison-view.js';
import { groupsWith, indicatorTable } from './indicator-view.js';
import { groundOf, type PolicyQuery, policyTable, policyView } from './policy-view.js';
import { Publications } from './publications.service.js';
import { replayTable } from './replay-view.js';
import { groupReports, reportIndicators, reportOrder } from './report-view.js';
import { Sights } from './sight.service.js';
import { unitTable } from './unit-table.js';

const ON = { name: 'on', required: false, description: 'day the standings are about, 2022-06-22' };
const GROUP = { name: 'group', required: false, description: 'code of a group; the first when left out' };

/** The tables of a campaign's pages, as JSON, as CSV and as workbooks. */
@ApiTags('standings')
@ApiParam({ name: 'slug', example: '92-ngay-dem' })
@ApiQuery({
  name: 'lang',
  required: false,
  description: 'vi or en: the titles of columns and the words in files',
})
@Public()
@Controller('api/v1/campaigns/:slug')
export class CampaignTablesApi {
  constructor(
    private readonly sights: Sights,
    private readonly comparisons: Comparisons,
    private readonly publications: Publications,
    private readonly tables: Tables,
  ) {}

  @Get(inEveryForm('compare'))
  @ApiOperation({ summary: 'Two standings of a campaign: what moved each unit of a group' })
  @ApiQuery({ name: 'from', required: false, description: '#2 is published standings, else a day' })
  @ApiQuery({ name: 'to', required: false, description: 'the same, or now' })
  @ApiQuery(GROUP)
  async compare(
    @Param('slug') slug: string,
    @Query() query: CompareQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, {}, request.officer);
    const view = await comparisonView(this.comparisons, sight, query);
    await this.tables.send(request, reply, comparisonTable(slug, view));
  }

  @Get(inEveryForm('policies'))
  @ApiOperation({ summary: 'Every unit of a group under every way to treat one empty state' })
  @ApiQuery({ name: 'state', required: false, description: 'not-applicable, no-cases, few-cases or missing' })
  @ApiQuery(GROUP)
  @ApiQuery(ON)
  async policies(
    @Param('slug') slug: string,
    @Query() query: BoardQuery & PolicyQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, query, request.officer);
    await this.tables.send(request, reply, policyTable(slug, policyView(groundOf(sight), query)));
  }

  @Get(inEveryForm('replay'))
  @ApiOperation({ summary: 'Score and place on each day of the units of a group, or of one unit' })
  @ApiQuery({ name: 'unit', required: false, description: 'id of a unit' })
  @ApiQuery(GROUP)
  @ApiQuery(ON)
  async replay(
    @Param('slug') slug: string,
    @Query() query: BoardQuery & { unit?: string },
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, query, request.officer);
    await this.tables.send(request, reply, replayTable(sight, query));
  }

  @Get(inEveryForm('units/:unit/indicators'))
  @ApiOperation({ summary: 'The indicators of one unit: figure, target, points, what is still needed' })
  @ApiQuery(ON)
  async unit(
    @Param('slug') slug: string,
    @Param('unit', ParseIntPipe) unit: number,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const table = unitTable(await this.sights.see(slug, query, request.officer), unit);
    if (!table) throw new NotFoundException();
    await this.tables.send(request, reply, table);
  }

  @Get(inEveryForm('indicators/:code/units'))
  @ApiOperation({ summary: 'One indicator of every unit of a group, and how even the units are inside' })
  @ApiQuery(GROUP)
  @ApiQuery(ON)
  async indicator(
    @Param('slug') slug: string,
    @Param('code') code: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const sight = await this.sights.see(slug, query, request.officer);
    const indicator = sight.cut.contest.indicators.find((one) => one.code === code);
    if (!indicator) throw new NotFoundException();
    const groups = groupsWith(sight, code);
    const group = groups.find((one) => one.code === query.group) ?? groups[0];
    await this.tables.send(request, reply, indicatorTable(sight, indicator, group?.code ?? ''));
  }

  @Get(inEveryForm('report/indicators'))
  @ApiOperation({ summary: 'The report: indicators of each group against their targets' })
  @ApiQuery(ON)
  async reportIndicators(
    @Param('slug') slug: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { sight, groups } = await this.report(slug, query, request);
    await this.tables.send(request, reply, reportIndicators(sight, groups));
  }

  @Get(inEveryForm('report/order'))
  @ApiOperation({ summary: 'The report: the order of the units of each group' })
  @ApiQuery(ON)
  async reportOrder(
    @Param('slug') slug: string,
    @Query() query: BoardQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { sight, groups } = await this.report(slug, query, request);
    await this.tables.send(request, reply, reportOrder(sight, groups));
  }

  private async report(slug: string, query: BoardQuery, request: FastifyRequest) {
    const sight = await this.sights.see(slug, query, request.officer);
    return { sight, groups: groupReports(sight, await this.publications.before(sight)) };
  }
}
