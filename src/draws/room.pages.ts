import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { posted } from '../platform/http/form.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { drawOfPeriod } from './draw.queries.js';
import { Freezing } from './freeze.service.js';
import { Planning } from './plan.service.js';
import { Room, signatureIn } from './room.service.js';

export const HTML = 'text/html; charset=utf-8';

@ApiExcludeController()
@Controller('office/draws/:promotion/:period')
@Allow('organiser', 'partner', 'witness', 'auditor', 'administrator')
export class RoomPages {
  constructor(
    private readonly db: DataSource,
    private readonly room: Room,
    private readonly planning: Planning,
    private readonly freezing: Freezing,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param() { promotion, period }: { promotion: string; period: string },
    @Query('number') number?: string,
  ): Promise<string> {
    const draw = await drawOfPeriod(this.db.manager, promotion, period, numberIn(number));
    return this.room.page(request, draw, officer);
  }

  @Get('replacements/:replacement')
  @Header('content-type', HTML)
  async replacement(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param() { promotion, period, replacement }: { promotion: string; period: string; replacement: string },
    @Query('number') number?: string,
  ): Promise<string> {
    const draw = await drawOfPeriod(this.db.manager, promotion, period, numberIn(number));
    return this.room.page(request, draw, officer, { replacement: numberIn(replacement) });
  }

  @Post('rules')
  @Header('content-type', HTML)
  rules(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'publish-rules' }, async (slug) => {
      await this.planning.publishRules(slug, officer, signatureIn(body), posted(body, 'seen'));
      return 'rules';
    });
  }

  @Post('freeze')
  @Header('content-type', HTML)
  freeze(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'freeze' }, async (slug) => {
      await this.freezing.freeze(slug, officer, signatureIn(body));
      return 'freeze';
    });
  }
}

export const numberIn = (text: string | undefined) =>
  /^[1-9]\d{0,3}$/.test(text ?? '') ? Number(text) : undefined;
