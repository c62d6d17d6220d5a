import { Controller, Get, Header, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { Views } from '../platform/http/views.js';
import { checkerPage } from './bundle-pages.js';

/** The page on which anybody checks a draw, and the same page to keep. */
@Controller('verify')
export class VerifyPages {
  constructor(private readonly views: Views) {}

  @Public()
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  check(@Req() request: FastifyRequest): string {
    return this.views.page(request, 'verify/check', {
      title: 'verify.title',
      lead: this.views.text(request, 'verify.lead'),
      crumbs: [{ href: '/', label: 'shell.nav.home' }, { label: 'verify.crumb' }],
    });
  }

  @Public()
  @Get('checker.html')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="checker.html"')
  checker(): string {
    return checkerPage();
  }
}
