import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { OfficeQueries } from './office.queries.js';
import { HTML } from './room.pages.js';

@ApiExcludeController()
@Controller('office/draws')
@Allow('organiser', 'partner', 'witness', 'auditor', 'administrator')
export class OfficePages {
  constructor(
    private readonly views: Views,
    private readonly queries: OfficeQueries,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    const { draws, open } = await this.queries.draws(officer);
    return this.views.page(request, 'draws/office', {
      title: 'draws.office.title',
      lead: 'draws.office.lead',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'draws.office.title' }],
      draws,
      open,
    });
  }
}
