import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { Views } from '../platform/http/views.js';
import { codeIn, type Notice, Notices } from './notices.service.js';

const HTML = 'text/html; charset=utf-8';

/** "Is this message really from us?" */
@ApiExcludeController()
@Controller('notices')
@Public()
export class NoticesPages {
  constructor(
    private readonly views: Views,
    private readonly notices: Notices,
  ) {}

  @Get()
  @Header('content-type', HTML)
  ask(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query('code') text = '',
  ): string {
    const code = codeIn(text);
    return code ? seeOther(reply, `/notices/${code}`) : this.page(request, text, undefined);
  }

  @Get(':code')
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('code') text: string,
  ): Promise<string> {
    const notice = await this.notices.find(text);
    void reply.header('x-robots-tag', 'noindex');
    if (!notice) reply.code(404);
    return this.page(request, text.slice(0, 20), notice);
  }

  private page(request: FastifyRequest, typed: string, notice: Notice | undefined): string {
    return this.views.page(request, 'notices/notice', {
      title: 'notices.title',
      lead: 'notices.lead',
      narrow: true,
      crumbs: [{ href: '/', label: 'shell.nav.home' }, { label: 'notices.title' }],
      typed,
      unknown: typed !== '' && !notice,
      notice,
    });
  }
}
