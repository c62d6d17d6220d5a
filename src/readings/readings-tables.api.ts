import { Controller, Get, NotFoundException, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { campaignBySlug, type Campaign } from '../campaigns/campaigns.queries.js';
import { Public } from '../platform/http/access.js';
import { asFiles, Tables } from '../platform/http/tables.js';
import { decimal, type Cell } from '../platform/tables/table.js';
import { completenessTable, listed, type CompletenessQuery } from './completeness-list.js';
import { completenessOf } from './completeness.queries.js';
import { countingReadings } from './counting.queries.js';
import { LockExceptions } from './lock-exceptions.service.js';
import { ReadingQuery } from './readings.dto.js';

const READINGS = [
  'id',
  'unit_code',
  'unit',
  'indicator',
  'from',
  'to',
  'numerator',
  'denominator',
  'value',
  'source',
  'recorded_at',
  'approved_at',
  'supersedes',
  'state',
];
const AT_ONCE = 5_000;

/** The tables of readings, to be taken away as files. */
@ApiTags('readings')
@Public()
@Controller('api/v1/campaigns/:slug')
export class ReadingsTablesApi {
  constructor(
    private readonly db: DataSource,
    private readonly locks: LockExceptions,
    private readonly tables: Tables,
  ) {}

  @Get(asFiles('readings'))
  @ApiOperation({ summary: 'All readings that count, as CSV or as an Excel workbook' })
  async readings(
    @Param('slug') slug: string,
    @Query() query: ReadingQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { id } = await this.published(slug);
    await this.tables.send(request, reply, {
      name: `readings-${slug}`,
      columns: READINGS,
      rows: this.rows(id, query),
    });
  }

  @Get(asFiles('completeness'))
  @ApiOperation({ summary: 'What came in of what was expected, as CSV or as an Excel workbook' })
  async completeness(
    @Param('slug') slug: string,
    @Query() query: CompletenessQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const campaign = await this.published(slug);
    const units = await completenessOf(this.db, campaign, this.locks.lastOn(campaign));
    await this.tables.send(request, reply, completenessTable(slug, listed(units, query)));
  }

  /** Page after page, so that the table may be of any length. */
  private async *rows(campaignId: number, query: ReadingQuery): AsyncGenerator<readonly Cell[]> {
    let { after } = query;
    for (;;) {
      const page = await countingReadings(this.db, campaignId, { ...query, after, limit: AT_ONCE });
      for (const one of page) {
        const window = [one.indicator, one.from, one.to];
        const figures = [one.numerator, one.denominator, decimal(one.value)];
        const times = [one.recordedAt.toISOString(), one.approvedAt.toISOString()];
        yield [
          one.id,
          one.unitCode,
          one.unit,
          ...window,
          ...figures,
          one.source,
          ...times,
          one.supersedesId,
          one.disputed ? 'disputed' : 'approved',
        ];
      }
      if (page.length < AT_ONCE) return;
      after = page.at(-1)?.id;
    }
  }

  private async published(slug: string): Promise<Campaign> {
    const campaign = await campaignBySlug(this.db, slug);
    if (!campaign?.rulesVersionId) throw new NotFoundException();
    return campaign;
  }
}
