import { Body, Controller, Get, Header, Param, ParseIntPipe, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { orAgain, posted } from '../platform/http/form.js';
import type { Finding } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { Managing } from './managing.service.js';

const HTML = 'text/html; charset=utf-8';
const FIELDS = [
  'note',
  'reason',
  'decisionRef',
  'day',
  'unitId',
  'points',
  'countsFrom',
  'indicator',
  'evidence',
  'lastOn',
];

/** The organiser's desk for one campaign's standings: publish, freeze, thaw, finalise, decide. */
@ApiExcludeController()
@Controller('office/standings')
@Allow('organiser', 'administrator')
export class ManagePages {
  constructor(
    private readonly managing: Managing,
    private readonly views: Views,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async campaigns(@Req() request: FastifyRequest): Promise<string> {
    const crumbs = [{ label: 'shell.nav.office', href: '/office' }, { label: 'standings.manage.title' }];
    const campaigns = await this.managing.campaigns();
    return this.views.page(request, 'standings/manage-list', {
      title: 'standings.manage.title',
      crumbs,
      campaigns,
    });
  }

  @Get(':slug')
  @Header('content-type', HTML)
  desk(
    @Param('slug') slug: string,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
  ): Promise<string> {
    return this.page(request, officer, slug, {}, []);
  }

  @Post(':slug/:act')
  @Header('content-type', HTML)
  act(
    @Param('slug') slug: string,
    @Param('act') act: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const values = Object.fromEntries(FIELDS.map((name) => [name, posted(body, `${act}.${name}`)]));
    const work = async () => {
      const done = await this.managing.act(officer, slug, act, values);
      return seeOther(reply, `/office/standings/${slug}`, { kind: 'success', ...done });
    };
    return orAgain(reply, work, (findings) => this.page(request, officer, slug, body, named(findings, act)));
  }

  @Post(':slug/:what/:id/outcome')
  @Header('content-type', HTML)
  outcome(
    @Param('slug') slug: string,
    @Param('what') what: string,
    @Param('id', ParseIntPipe) id: number,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const form = `${what}.${id}`;
    const [reason, outcome] = [posted(body, `${form}.reason`), posted(body, `${form}.outcome`)];
    const order = { what, id, reason, outcome };
    const work = async () => {
      const done = await this.managing.settle(officer, slug, order);
      return seeOther(reply, `/office/standings/${slug}`, { kind: 'success', ...done });
    };
    return orAgain(reply, work, (findings) => this.page(request, officer, slug, body, named(findings, form)));
  }

  private async page(
    request: FastifyRequest,
    officer: Officer,
    slug: string,
    values: unknown,
    findings: Finding[],
  ): Promise<string> {
    const desk = await this.managing.desk(officer, slug, this.views.locale(request));
    return this.views.page(request, 'standings/manage', { ...desk, values, findings });
  }
}

/** Many forms stand on one page: a field is named after its form and itself. */
const named = (findings: Finding[], form: string) =>
  findings.map((found) => (found.field ? { ...found, field: `${form}.${found.field}` } : found));
