import { Body, Controller, Get, Header, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { newPassword } from './new-password.js';
import { OfficersQueries } from './officers.queries.js';
import { OwnAccount } from './own-account.service.js';

const ACCOUNT = '/officers/account';
const HTML = 'text/html; charset=utf-8';

/** The account of whoever is signed in: rights, password, where else signed in. */
@ApiExcludeController()
@Controller('officers/account')
@Allow()
export class OwnAccountPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly queries: OfficersQueries,
    private readonly own: OwnAccount,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async account(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    return this.views.page(request, 'officers/account', {
      title: 'officers.account.title',
      crumbs: [{ href: '/office', label: 'shell.nav.office' }, { label: 'officers.account.title' }],
      account: await this.queries.account(officer.id),
      officer,
      rights: await this.queries.rights(officer.id),
      sessions: await this.queries.sessions(officer.id, officer.sessionId),
    });
  }

  @Get('password')
  @Header('content-type', HTML)
  password(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    return this.passwordPage(request, officer, []);
  }

  @Post('password')
  @Header('content-type', HTML)
  changePassword(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const act = async () => {
      const { password, findings } = newPassword(body, officer.login);
      if (findings.length > 0) throw new InputError(findings);
      const signature = { password: posted(body, 'password', false), code: posted(body, 'code') };
      await this.db.transaction((tx) => this.own.changePassword(tx, officer, signature, password));
      return seeOther(reply, ACCOUNT, { kind: 'success', key: 'officers.done.passwordChanged' });
    };
    return orAgain(reply, act, (findings) => this.passwordPage(request, officer, findings));
  }

  /** Signs out everywhere else, or with `all` here too. */
  @Post('sessions/closure')
  async endSessions(
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const all = posted(body, 'all') !== '';
    await this.db.transaction((tx) => this.own.endSessions(tx, officer, all));
    return seeOther(reply, all ? '/officers/login' : ACCOUNT, {
      kind: 'success',
      key: 'officers.done.sessionsEnded',
    });
  }

  private async passwordPage(
    request: FastifyRequest,
    officer: Officer,
    findings: Finding[],
  ): Promise<string> {
    return this.views.page(request, 'officers/password', {
      title: 'officers.password.title',
      crumbs: [
        { href: '/office', label: 'shell.nav.office' },
        { href: ACCOUNT, label: 'officers.account.title' },
        { label: 'officers.password.title' },
      ],
      narrow: true,
      account: await this.queries.account(officer.id),
      values: {},
      findings,
    });
  }
}
