import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { campaignBySlug, type Campaign } from '../campaigns/campaigns.queries.js';
import { Allow, type Officer, Public, SignedIn } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { listed, type CompletenessQuery } from './completeness-list.js';
import { completenessOf } from './completeness.queries.js';
import type { DeliveryReport } from './delivery.js';
import { Intake } from './intake.service.js';
import { LockExceptions } from './lock-exceptions.service.js';
import { countingReadings } from './counting.queries.js';
import { PostedReadings, ReadingQuery } from './readings.dto.js';
import { Workplace } from './workplace.js';

@ApiTags('readings')
@Controller('api/v1/campaigns/:slug')
export class ReadingsApi {
  constructor(
    private readonly db: DataSource,
    private readonly intake: Intake,
    private readonly workplace: Workplace,
    private readonly locks: LockExceptions,
  ) {}

  @Public()
  @Get('readings')
  @ApiOperation({
    summary: 'Readings that count, in the order of their approval; `after` the last id goes on from there.',
  })
  async list(@Param('slug') slug: string, @Query() query: ReadingQuery) {
    const { id } = await this.published(slug);
    const readings = await countingReadings(this.db, id, query);
    return { readings, next: readings.length === (query.limit ?? 500) ? readings.at(-1)?.id : undefined };
  }

  @Public()
  @Get('completeness')
  @ApiOperation({ summary: 'What came in of what was expected, by unit.' })
  @ApiQuery({ name: 'group', required: false, description: 'code of a group' })
  @ApiQuery({ name: 'q', required: false, description: 'part of a unit’s name, or its code' })
  @ApiQuery({ name: 'only', required: false, description: 'missing, late or unapproved' })
  @ApiQuery({ name: 'sort', required: false, description: 'unit, complete, timely, missing or last' })
  @ApiQuery({ name: 'dir', required: false, description: 'asc or desc' })
  async completeness(@Param('slug') slug: string, @Query() query: CompletenessQuery) {
    const campaign = await this.published(slug);
    const until = this.locks.lastOn(campaign);
    return { until, units: listed(await completenessOf(this.db, campaign, until), query) };
  }

  @Allow('reporter', 'organiser')
  @Post('readings')
  @ApiOperation({
    summary: 'Hand in readings: all of them, or none and every finding. With `dryRun` nothing is taken in.',
  })
  @HttpCode(200)
  async handIn(
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Body() body: PostedReadings,
  ): Promise<DeliveryReport> {
    const { units } = await this.workplace.of(officer, slug);
    const text = (value: unknown) =>
      typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
    const report = await this.intake.take({
      slug,
      source: 'api',
      cells: body.readings.map((one, at) => ({
        row: at + 1,
        unitCode: text(one.unitCode),
        unit: text(one.unit),
        indicator: text(one.indicator),
        day: text(one.date),
        from: text(one.from),
        to: text(one.to),
        numerator: text(one.numerator),
        denominator: text(one.denominator),
        value: text(one.value),
      })),
      format: 'en',
      cumulative: body.cumulative,
      reason: body.reason,
      commit: body.dryRun !== true,
      officer: officer.id,
      allowed: new Set(units.map(({ unitId }) => unitId)),
    });
    if (report.findings.length > 0) throw new InputError([...report.findings]);
    return report;
  }

  private async published(slug: string): Promise<Campaign> {
    const campaign = await campaignBySlug(this.db, slug);
    if (!campaign?.rulesVersionId) throw new NotFoundException();
    return campaign;
  }
}
