import { Body, Controller, Header, HttpCode, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { Config } from '../platform/config.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import { grantForm, grantOf } from './grant-form.js';
import { OfficerAdministration } from './officer-administration.service.js';
import { OfficerPage } from './officer-page.js';

const HTML = 'text/html; charset=utf-8';

/** What an administrator does to another officer's account. */
@ApiExcludeController()
@Controller('officers/:id')
@Allow('administrator')
export class OfficerActsPages {
  constructor(
    private readonly db: DataSource,
    private readonly administration: OfficerAdministration,
    private readonly page: OfficerPage,
    private readonly config: Config,
  ) {}

  @Post('rights')
  @Header('content-type', HTML)
  grant(
    @Req() request: FastifyRequest,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const values = grantForm(body);
    const act = async () => {
      const grant = await grantOf(this.db, values);
      await this.db.transaction((tx) => this.administration.grant(tx, officer, id, grant));
      return done(reply, id, 'rightGranted');
    };
    return orAgain(reply, act, (findings) => this.page.show(request, id, officer, { values, findings }));
  }

  @Post('rights/:right/revocation')
  async revoke(
    @Param('id', ParseIntPipe) id: number,
    @Param('right', ParseIntPipe) right: number,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.act(reply, id, 'rightRevoked', (tx) => this.administration.revoke(tx, officer, id, right));
  }

  @Post('closure')
  close(
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.act(reply, id, 'closed', (tx) => this.administration.close(tx, officer, id));
  }

  @Post('reopening')
  reopen(
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    return this.act(reply, id, 'reopened', (tx) => this.administration.reopen(tx, officer, id));
  }

  /** The link is shown in the answer to this, and never again. */
  @Post('reset')
  @HttpCode(200)
  @Header('content-type', HTML)
  async reset(
    @Req() request: FastifyRequest,
    @Param('id', ParseIntPipe) id: number,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    const clearsTotp = posted(body, 'clearsTotp') !== '';
    const secret = await this.db.transaction((tx) => this.administration.reset(tx, officer, id, clearsTotp));
    return this.page.show(request, id, officer, {
      link: `${this.config.PUBLIC_URL}/officers/reset/${secret}`,
    });
  }

  private async act(
    reply: FastifyReply,
    id: number,
    what: string,
    work: (tx: EntityManager) => Promise<void>,
  ) {
    await this.db.transaction(work);
    return done(reply, id, what);
  }
}

const done = (reply: FastifyReply, id: number, what: string) =>
  seeOther(reply, `/officers/${id}`, { kind: 'success', key: `officers.done.${what}` });
