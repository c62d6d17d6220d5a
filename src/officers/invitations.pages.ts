import { Body, Controller, Get, Header, HttpCode, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { ChoicesQueries } from './choices.queries.js';
import { grantForm } from './grant-form.js';
import { Inviting } from './inviting.service.js';

const HTML = 'text/html; charset=utf-8';

/** Inviting new officers: an organiser for the own reporters, an administrator for everybody. */
@ApiExcludeController()
@Controller('officers/invitations')
@Allow('administrator', 'organiser')
export class InvitationsPages {
  constructor(
    private readonly views: Views,
    private readonly choices: ChoicesQueries,
    private readonly inviting: Inviting,
  ) {}

  @Get()
  @Header('content-type', HTML)
  list(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    return this.page(request, officer, { values: { role: isAdministrator(officer) ? '' : 'reporter' } });
  }

  /** The link is shown in the answer to this, and never again. */
  @Post()
  @HttpCode(200)
  @Header('content-type', HTML)
  invite(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const values = {
      ...grantForm(body),
      name: posted(body, 'name'),
      organisation: posted(body, 'organisation'),
    };
    const act = async () =>
      this.page(request, officer, { link: await this.inviting.invite(officer, values), values: {} });
    return orAgain(reply, act, (findings) => this.page(request, officer, { values, findings }));
  }

  @Post(':id/withdrawal')
  async withdraw(
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.inviting.withdraw(officer, id);
    return seeOther(reply, '/officers/invitations', { kind: 'success', key: 'officers.done.withdrawn' });
  }

  private async page(
    request: FastifyRequest,
    officer: Officer,
    extra: { values: Record<string, string>; findings?: Finding[]; link?: string },
  ): Promise<string> {
    const t = (key: string) => this.views.text(request, key);
    const all = isAdministrator(officer);
    const roles = this.choices.roles(t).filter(({ value }) => all || value === 'reporter');
    const organisations = (await this.choices.organisations()).map(({ code, name }) => ({
      value: code,
      label: name,
    }));
    return this.views.page(request, 'officers/invitations', {
      title: 'officers.invitations.title',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'officers.invitations.title' }],
      isAdministrator: all,
      invitations: await this.choices.invitations(all ? null : officer.id),
      roles: all ? [{ value: '', label: t('officers.invitations.choose') }, ...roles] : roles,
      organisations: [{ value: '', label: t('officers.invitations.choose') }, ...organisations],
      units: await this.choices.units(),
      campaigns: [{ value: '', label: t('officers.account.everyCampaign') }].concat(
        await this.choices.campaigns(this.views.locale(request)),
      ),
      ...extra,
    });
  }
}

const isAdministrator = ({ roles }: Officer) => roles.some(({ role }) => role === 'administrator');
