import { BadRequestException, Controller, Get, NotFoundException, Param, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { addDays } from '../rules/calendar/day.js';
import { percentOf, printed } from '../rules/scoring/decimal.js';
import { Public } from '../platform/http/access.js';
import { figureOf } from './figure.queries.js';
import { Sights } from './sight.service.js';

interface FigureQuery {
  readonly unit?: string;
  readonly indicator?: string;
  readonly from?: string;
  readonly to?: string;
  readonly decimals?: string;
  readonly knownAt?: string;
}

@ApiTags('standings')
@Public()
@Controller('api/v1/campaigns')
export class FiguresApi {
  constructor(
    private readonly db: DataSource,
    private readonly sights: Sights,
  ) {}

  @Get(':slug/figures')
  @ApiOperation({
    summary: 'The figure of a unit and an indicator for any days',
    description:
      'For reports: both days are part of the window, and windows may overlap. Numerators and denominators of the unit and all ' +
      'below it are added; an indicator that is counted anew for each window gives what was counted for exactly these days. ' +
      '`text` is the rate as documents print it, rounded half-up on the exact quotient.',
  })
  @ApiParam({ name: 'slug', example: '92-ngay-dem' })
  @ApiQuery({ name: 'unit', description: 'code of the unit on the campaign’s tree', example: '70' })
  @ApiQuery({ name: 'indicator', description: 'code of the indicator', example: 'ho-so-truc-tuyen' })
  @ApiQuery({ name: 'from', example: '2022-06-01' })
  @ApiQuery({ name: 'to', example: '2022-06-22' })
  @ApiQuery({ name: 'decimals', required: false, description: '0 to 6; the indicator’s own when left out' })
  @ApiQuery({
    name: 'knownAt',
    required: false,
    description: 'instant, only readings approved by then count',
  })
  async figure(@Param('slug') slug: string, @Query() query: FigureQuery, @Req() request: FastifyRequest) {
    const window = { from: dayIn(query.from), to: dayIn(query.to) };
    if (window.to < window.from) throw new BadRequestException(`${window.to} lies before ${window.from}`);
    const { cut } = await this.sights.see(slug, { knownAt: query.knownAt }, request.officer);
    const unit = [...cut.contest.units.values()].find(({ code }) => code === query.unit);
    const indicator = cut.contest.indicators.find(({ code }) => code === query.indicator);
    if (!unit || indicator?.form !== 'ratio') throw new NotFoundException();
    const decimals = decimalsIn(query.decimals) ?? indicator.rule.decimals;
    const { counts, why, readings } = await figureOf(this.db, cut, unit.id, indicator, window);
    const rate = counts && percentOf(counts, decimals);
    return {
      unit: unit.code,
      indicator: indicator.code,
      kind: indicator.rule.kind,
      ...window,
      numerator: counts?.numerator ?? null,
      denominator: counts?.denominator ?? null,
      rate,
      text: rate && `${printed(rate)}%`,
      why,
      readings,
    };
  }
}

function dayIn(text = ''): string {
  try {
    return addDays(text, 0);
  } catch {
    throw new BadRequestException(`not a day: ${text}`);
  }
}

function decimalsIn(text: string | undefined): number | undefined {
  if (text !== undefined && !/^[0-6]$/.test(text)) throw new BadRequestException(`decimals 0 to 6: ${text}`);
  return text === undefined ? undefined : Number(text);
}
