import { Body, Controller, Get, Header, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, pathOn, posted } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { Cookies } from './cookies.js';
import { DemoAccounts } from './demo-accounts.service.js';
import { type Place, SignIn } from './sign-in.service.js';

const HTML = 'text/html; charset=utf-8';

@ApiExcludeController()
@Controller('officers')
@Public()
export class SignInPages {
  constructor(
    private readonly views: Views,
    private readonly signIn: SignIn,
    private readonly cookies: Cookies,
    private readonly demo: DemoAccounts,
  ) {}

  @Get('login')
  @Header('content-type', HTML)
  async login(@Req() request: FastifyRequest, @Query('to') to = ''): Promise<string> {
    return this.loginPage(request, { login: '', to: pathOn(to, '') }, []);
  }

  @Post('login')
  @Header('content-type', HTML)
  async enter(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const values = { login: posted(body, 'login'), to: pathOn(posted(body, 'to'), '') };
    const act = async () => {
      const tried = await this.signIn.withPassword(
        values.login,
        posted(body, 'password', false),
        placeOf(request),
      );
      if (!tried) throw wrong('password', 'password.notYours');
      if (!tried.awaitsCode) return this.arrive(reply, tried.secret, values.to);
      this.cookies.write(reply, 'half-way', tried.secret);
      return seeOther(reply, `/officers/login/code${values.to && `?to=${encodeURIComponent(values.to)}`}`);
    };
    return orAgain(reply, act, (findings) => this.loginPage(request, values, findings));
  }

  @Get('login/code')
  @Header('content-type', HTML)
  askCode(@Req() request: FastifyRequest, @Query('to') to = ''): string {
    return this.codePage(request, to, []);
  }

  @Post('login/code')
  @Header('content-type', HTML)
  async enterCode(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const halfWay = this.cookies.read(request, 'half-way') ?? '';
    const to = pathOn(posted(body, 'to'), '');
    const act = async () => {
      const tried = await this.signIn.withCode(halfWay, posted(body, 'code'), placeOf(request));
      if (tried === undefined) return seeOther(reply, '/officers/login');
      if (tried === 'wrong') throw wrong('code', 'code.wrong');
      this.cookies.clear(reply, 'half-way');
      return this.arrive(reply, tried, to);
    };
    return orAgain(reply, act, (findings) => this.codePage(request, to, findings));
  }

  @Post('logout')
  async leave(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const secret = this.cookies.read(request, 'session');
    if (secret) await this.signIn.out(secret);
    this.cookies.clear(reply, 'session');
    return seeOther(reply, '/', { kind: 'info', key: 'officers.done.signedOut' });
  }

  private async loginPage(
    request: FastifyRequest,
    values: { login: string; to: string },
    findings: Finding[],
  ) {
    return this.views.page(request, 'officers/login', {
      title: 'officers.login.title',
      crumbs: [],
      narrow: true,
      to: values.to,
      values,
      findings,
      demo: await this.demo.list(),
    });
  }

  private codePage(request: FastifyRequest, to: string, findings: Finding[]): string {
    return this.views.page(request, 'officers/login-code', {
      title: 'officers.code.title',
      crumbs: [{ href: '/officers/login', label: 'officers.login.title' }, { label: 'officers.code.title' }],
      narrow: true,
      to: pathOn(to, ''),
      values: {},
      findings,
    });
  }

  private arrive(reply: FastifyReply, secret: string, to: string): string {
    this.cookies.write(reply, 'session', secret);
    return seeOther(reply, to || '/office');
  }
}

export const placeOf = (request: FastifyRequest): Place => ({
  address: request.ip,
  agent: request.headers['user-agent'] ?? '',
});

const wrong = (field: string, code: string) => new InputError([{ field, code: `officers.findings.${code}` }]);
