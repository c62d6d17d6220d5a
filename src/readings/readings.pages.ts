import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { campaigns } from '../campaigns/campaigns.queries.js';
import { Clock } from '../platform/clock.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { Views } from '../platform/http/views.js';
import { GridPage } from './grid-page.js';
import { unitsReached } from './reach.queries.js';

const HTML = 'text/html; charset=utf-8';

/** Where an officer who reports begins: the campaigns, then the day's figures. */
@ApiExcludeController()
@Allow('reporter', 'organiser')
@Controller('office/readings')
export class ReadingsPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly clock: Clock,
    private readonly page: GridPage,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    const today = localDate(this.clock.now());
    const published = (await campaigns(this.db, false)).filter(({ kind }) => kind !== 'promotion');
    const mine = [];
    for (const campaign of published) {
      const units = await unitsReached(this.db, officer.id, ['reporter', 'organiser'], campaign);
      if (units.length > 0)
        mine.push({
          ...campaign,
          units: units.length,
          running: campaign.startsOn <= today && today <= campaign.endsOn,
        });
    }
    const crumbs = [{ label: 'shell.nav.office', href: '/office' }];
    return this.views.page(request, 'readings/campaigns', {
      title: 'readings.title',
      lead: 'readings.lead',
      crumbs,
      mine,
    });
  }

  @Get(':slug')
  @Header('content-type', HTML)
  async grid(
    @Req() request: FastifyRequest,
    @Param('slug') slug: string,
    @SignedIn() officer: Officer,
    @Query() { on, unit, indicator }: Record<string, string | undefined>,
  ): Promise<string> {
    return this.page.draw(request, officer, slug, { on, unit, indicator });
  }
}
