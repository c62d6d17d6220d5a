import { Body, Controller, Get, Header, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { ChoicesQueries } from './choices.queries.js';
import { ORGANISATION_KINDS, Organisations } from './organisations.service.js';

const HTML = 'text/html; charset=utf-8';

/** The bodies that officers belong to. */
@ApiExcludeController()
@Controller('officers/organisations')
@Allow('administrator')
export class OrganisationsPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly choices: ChoicesQueries,
    private readonly organisations: Organisations,
  ) {}

  @Get()
  @Header('content-type', HTML)
  list(@Req() request: FastifyRequest): Promise<string> {
    return this.page(request, {}, []);
  }

  @Post()
  @Header('content-type', HTML)
  add(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const values = {
      name: posted(body, 'name'),
      code: posted(body, 'code').toLowerCase(),
      kind: posted(body, 'kind'),
    };
    const act = async () => {
      await this.db.transaction((tx) => this.organisations.addFromForm(tx, officer.id, values));
      return seeOther(reply, '/officers/organisations', {
        kind: 'success',
        key: 'officers.done.organisationAdded',
      });
    };
    return orAgain(reply, act, (findings) => this.page(request, values, findings));
  }

  @Post(':id/name')
  @Header('content-type', HTML)
  rename(
    @Req() request: FastifyRequest,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const act = async () => {
      await this.db.transaction((tx) =>
        this.organisations.rename(tx, officer.id, id, posted(body, 'newName')),
      );
      return seeOther(reply, '/officers/organisations', {
        kind: 'success',
        key: 'officers.done.organisationRenamed',
      });
    };
    return orAgain(reply, act, (findings) => this.page(request, {}, findings));
  }

  private async page(
    request: FastifyRequest,
    values: Record<string, string>,
    findings: Finding[],
  ): Promise<string> {
    const t = (key: string) => this.views.text(request, key);
    return this.views.page(request, 'officers/organisations', {
      title: 'officers.organisations.title',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'officers.organisations.title' }],
      organisations: await this.choices.organisations(),
      kinds: [
        { value: '', label: t('officers.invitations.choose') },
        ...ORGANISATION_KINDS.map((value) => ({ value, label: t(`officers.organisationKind.${value}`) })),
      ],
      values,
      findings,
    });
  }
}
