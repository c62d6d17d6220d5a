import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Public } from '../platform/http/access.js';
import { publicFigures, publicPeriods, publishedTerms } from './promotion.queries.js';
import { Promotions } from './promotions.service.js';

@ApiTags('promotions')
@Public()
@Controller('api/v1/promotions/:slug')
export class PromotionApi {
  constructor(
    private readonly db: DataSource,
    private readonly promotions: Promotions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'A promotion: its terms in force, periods and figures. No personal data.' })
  async show(@Param('slug') slug: string) {
    const { id, ...promotion } = await this.promotions.publishedBySlug(slug);
    const [terms] = await publishedTerms(this.db, id);
    return {
      ...promotion,
      terms,
      periods: await publicPeriods(this.db, id),
      figures: await publicFigures(this.db, id),
    };
  }
}
