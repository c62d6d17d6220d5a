import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../platform/http/access.js';
import { PublicQueries } from './public.queries.js';
import { numberIn } from './room.pages.js';

@ApiTags('draws')
@Public()
@Controller('api/v1/draws/:promotion/:period')
export class DrawsApi {
  constructor(private readonly queries: PublicQueries) {}

  @Get()
  @ApiOperation({
    summary:
      'A draw: its state, prizes, sources, checkpoint, and once published its seed and masked winners.',
  })
  async show(
    @Param('promotion') promotion: string,
    @Param('period') period: string,
    @Query('number') number?: string,
  ) {
    const draw = await this.queries.find(promotion, period, numberIn(number));
    const { id: _, periodId: __, campaignId: ___, unitId: ____, ...facts } = draw;
    const shown = await this.queries.draw(draw);
    return {
      ...shown,
      draw: facts,
      rules: shown.rules && { hash: shown.rules.hash, document: shown.rules.document },
      cosignatures: shown.cosignatures.map(({ name, organisation, signedAt }) => ({
        name,
        organisation,
        signedAt,
      })),
      bundle:
        shown.frozen && `/draws/${promotion}/${period}/bundle.zip${number ? `?number=${draw.number}` : ''}`,
    };
  }
}
