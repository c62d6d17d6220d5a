import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { posted } from '../platform/http/form.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { drawTitle } from './draw-title.js';
import { ObjectionDoor } from './objections.service.js';
import { HTML } from './room.pages.js';
import { ShownList } from './shown-list.queries.js';

interface Which {
  promotion: string;
  period: string;
}

/** The list before it is closed, names masked, and the door for objections. */
@ApiExcludeController()
@Controller('draws/:promotion/:period')
@Public()
export class ListPages {
  constructor(
    private readonly views: Views,
    private readonly list: ShownList,
    private readonly door: ObjectionDoor,
  ) {}

  @Get('list')
  @Header('content-type', HTML)
  show(@Req() request: FastifyRequest, @Param() which: Which, @Query('q') q = '', @Query('from') from = '') {
    return this.page(request, which, { q, from });
  }

  @Post('objections')
  @Header('content-type', HTML)
  async object(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() which: Which,
    @Body() body: unknown,
  ): Promise<string> {
    const draw = await this.list.find(which.promotion, which.period);
    const objection = {
      code: posted(body, 'code').toUpperCase(),
      reason: posted(body, 'reason'),
      contact: posted(body, 'contact'),
    };
    try {
      await this.door.file(draw.slug, request.officer ?? null, objection);
    } catch (fault) {
      if (!(fault instanceof InputError)) throw fault;
      reply.code(422);
      return this.page(request, which, { q: objection.code, from: '' }, fault.findings, objection);
    }
    return seeOther(reply, `/draws/${which.promotion}/${which.period}/list`, {
      kind: 'success',
      key: 'draws.done.filed',
    });
  }

  private async page(
    request: FastifyRequest,
    which: Which,
    asked: { q: string; from: string },
    findings: Finding[] = [],
    values: Record<string, unknown> = {},
  ): Promise<string> {
    const draw = await this.list.find(which.promotion, which.period);
    const here = `/draws/${which.promotion}/${which.period}`;
    return this.views.page(request, 'draws/list', {
      title: 'draws.list.title',
      crumbs: [
        { href: '/', label: 'shell.nav.home' },
        { href: here, label: drawTitle(this.views, request, draw) },
        { label: 'draws.list.title' },
      ],
      here,
      draw,
      q: asked.q,
      findings,
      values,
      ...(await this.list.shown(draw, asked.q.trim().toUpperCase(), asked.from)),
    });
  }
}
