import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { DataSource } from 'typeorm';
import { Vault } from '../platform/crypto/vault.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { type Crumb, Views } from '../platform/http/views.js';
import { OwnAccount } from './own-account.service.js';
import { freshTotpSecret, totpUri } from './totp.js';

const HTML = 'text/html; charset=utf-8';
const ISSUER = 'Thi Đua';

/** Setting up and removing the one-time codes of the telephone. */
@ApiExcludeController()
@Controller('officers/account/second-factor')
@Allow()
export class SecondFactorPages {
  constructor(
    private readonly db: DataSource,
    private readonly views: Views,
    private readonly own: OwnAccount,
    private readonly vault: Vault,
  ) {}

  @Get()
  @Header('content-type', HTML)
  setUp(@Req() request: FastifyRequest, @SignedIn() officer: Officer): Promise<string> {
    return this.setUpPage(request, officer, freshTotpSecret(), []);
  }

  /** The recovery codes are shown in the answer to this, and never again. */
  @Post()
  @HttpCode(200)
  @Header('content-type', HTML)
  turnOn(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const secret = this.secretOf(officer, posted(body, 'sealed'));
    const act = async () => {
      const password = posted(body, 'password', false);
      const codes = await this.db.transaction((tx) =>
        this.own.turnOnSecondFactor(tx, officer, password, secret, posted(body, 'code')),
      );
      const title = 'officers.recovery.title';
      return this.views.page(request, 'officers/recovery', {
        title,
        crumbs: crumbs(title),
        narrow: true,
        codes,
      });
    };
    return orAgain(reply, act, (findings) => this.setUpPage(request, officer, secret, findings));
  }

  @Get('removal')
  @Header('content-type', HTML)
  removal(@Req() request: FastifyRequest): string {
    return this.removalPage(request, []);
  }

  @Post('removal')
  @Header('content-type', HTML)
  turnOff(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const act = async () => {
      const signature = { password: posted(body, 'password', false), code: posted(body, 'code') };
      await this.db.transaction((tx) => this.own.turnOffSecondFactor(tx, officer, signature));
      return seeOther(reply, '/officers/account', {
        kind: 'warning',
        key: 'officers.done.secondFactorRemoved',
      });
    };
    return orAgain(reply, act, (findings) => this.removalPage(request, findings));
  }

  private removalPage(request: FastifyRequest, findings: Finding[]): string {
    const title = 'officers.secondFactor.removal';
    const model = { title, crumbs: crumbs(title), narrow: true, values: {}, findings };
    return this.views.page(request, 'officers/second-factor-removal', model);
  }

  private async setUpPage(request: FastifyRequest, officer: Officer, secret: string, findings: Finding[]) {
    const title = 'officers.secondFactor.title';
    const uri = totpUri(secret, officer.login, ISSUER);
    return this.views.page(request, 'officers/second-factor', {
      title,
      crumbs: crumbs(title),
      narrow: true,
      qr: await QRCode.toString(uri, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' }),
      spoken: secret.replace(/(.{4})/g, '$1 ').trim(),
      sealed: this.vault.seal(`${officer.id} ${secret}`).toString('base64url'),
      values: {},
      findings,
    });
  }

  /** Between the page and its form the secret travels sealed, and for this officer only. */
  private secretOf(officer: Officer, sealed: string): string {
    const [id, secret] = /^[\w-]{40,}$/.test(sealed) ? this.opened(sealed).split(' ') : [];
    if (id !== String(officer.id) || !secret)
      throw new InputError([{ field: 'code', code: 'officers.findings.code.startAgain' }]);
    return secret;
  }

  private opened(sealed: string): string {
    try {
      return this.vault.open(Buffer.from(sealed, 'base64url'));
    } catch {
      return '';
    }
  }
}

const crumbs = (label: string): Crumb[] => [
  { href: '/office', label: 'shell.nav.office' },
  { href: '/officers/account', label: 'officers.account.title' },
  { label },
];
