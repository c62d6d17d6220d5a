import { Body, Controller, Get, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Public } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { newPassword } from './new-password.js';
import { type Reset, Resets } from './resets.service.js';
import { type NewcomerForm, Welcome } from './welcome.service.js';

const HTML = 'text/html; charset=utf-8';

/** Where one-time links lead: choosing name and password the first time, or a new password. */
@ApiExcludeController()
@Controller('officers')
@Public()
export class OneTimeLinkPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly welcome: Welcome,
    private readonly resets: Resets,
  ) {}

  @Get('welcome/:secret')
  @Header('content-type', HTML)
  async arrive(@Req() request: FastifyRequest, @Param('secret') secret: string): Promise<string> {
    const { name } = await this.welcome.invitation(secret);
    return this.welcomePage(request, secret, { login: '', name: name ?? '', organisation: '' }, []);
  }

  @Post('welcome/:secret')
  @Header('content-type', HTML)
  async accept(
    @Req() request: FastifyRequest,
    @Param('secret') secret: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const form = {
      login: posted(body, 'login'),
      name: posted(body, 'name'),
      organisation: posted(body, 'organisation'),
    };
    const act = async () => {
      await this.welcome.accept(secret, form, newPassword(body, form.login.toLowerCase()));
      return seeOther(reply, '/officers/login?to=/officers/account', {
        kind: 'success',
        key: 'officers.done.welcome',
      });
    };
    return orAgain(reply, act, (findings) => this.welcomePage(request, secret, form, findings));
  }

  @Get('reset/:secret')
  @Header('content-type', HTML)
  async reset(@Req() request: FastifyRequest, @Param('secret') secret: string): Promise<string> {
    return this.resetPage(request, secret, await this.resets.find(this.db.manager, secret), []);
  }

  @Post('reset/:secret')
  @Header('content-type', HTML)
  async choose(
    @Req() request: FastifyRequest,
    @Param('secret') secret: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const reset = await this.resets.find(this.db.manager, secret);
    const act = async () => {
      const { password, findings } = newPassword(body, reset.login);
      if (findings.length > 0) throw new InputError(findings);
      await this.db.transaction((tx) => this.resets.use(tx, secret, password));
      return seeOther(reply, '/officers/login', { kind: 'success', key: 'officers.done.passwordChanged' });
    };
    return orAgain(reply, act, (findings) => this.resetPage(request, secret, reset, findings));
  }

  private async welcomePage(
    request: FastifyRequest,
    secret: string,
    values: NewcomerForm,
    findings: Finding[],
  ) {
    return this.views.page(request, 'officers/welcome', {
      title: 'officers.welcome.title',
      crumbs: [],
      narrow: true,
      invitation: await this.welcome.invitation(secret),
      secret,
      values,
      findings,
    });
  }

  private resetPage(
    request: FastifyRequest,
    secret: string,
    { login, clearsTotp }: Reset,
    findings: Finding[],
  ) {
    const title = 'officers.reset.title';
    const model = { title, crumbs: [], narrow: true, secret, login, clearsTotp, values: {}, findings };
    return this.views.page(request, 'officers/reset', model);
  }
}
