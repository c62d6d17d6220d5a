import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { OfficersQueries } from './officers.queries.js';

@ApiExcludeController()
@Controller('officers/account')
@Allow()
export class AccountPages {
  constructor(
    private readonly views: Views,
    private readonly queries: OfficersQueries,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  async account(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    return this.views.page(request, 'officers/account', {
      title: 'officers.account.title',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'officers.account.title' }],
      officer,
      account: await this.queries.account(officer.id),
      rights: await this.queries.rights(officer.id),
      sessions: await this.queries.sessions(officer.id, officer.sessionId),
    });
  }
}
