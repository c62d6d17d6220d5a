import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import QRCode from 'qrcode';
import { Officers } from '../officers/officers.service.js';
import { Config } from '../platform/config.js';
import { Allow, type Officer, Public, SignedIn } from '../platform/http/access.js';
import { posted } from '../platform/http/form.js';
import { Views } from '../platform/http/views.js';
import { drawTitle } from './draw-title.js';
import type { DrawRow } from './draw.queries.js';
import { Hall } from './hall.service.js';
import { HTML, numberIn } from './room.pages.js';

interface Which {
  promotion: string;
  period: string;
}

/** The screen in the hall: driven by the transcript alone, on as many screens as there are. */
@ApiExcludeController()
@Controller()
export class HallPages {
  constructor(
    private readonly views: Views,
    private readonly hall: Hall,
    private readonly officers: Officers,
    private readonly config: Config,
  ) {}

  @Public()
  @Get('draws/:promotion/:period/hall')
  @Header('content-type', HTML)
  async show(
    @Req() request: FastifyRequest,
    @Param() which: Which,
    @Query('replacement') replacement?: string,
  ) {
    const draw = await this.hall.find(which.promotion, which.period);
    const number = numberIn(replacement) ?? 0;
    const host = await this.isHost(request.officer, draw);
    return this.page(request, draw, {
      ...(await this.hall.screen(draw, number)),
      host,
      source: `/draws/${which.promotion}/${which.period}/hall/transcript?replacement=${number}`,
      cues: `/office/draws/${which.promotion}/${which.period}/cues`,
      replacement: number,
    });
  }

  @Public()
  @Get('draws/:promotion/:period/hall/transcript')
  @Header('cache-control', 'no-store')
  async transcript(
    @Req() request: FastifyRequest,
    @Param() which: Which,
    @Query('replacement') replacement?: string,
  ) {
    const draw = await this.hall.find(which.promotion, which.period);
    return this.hall.transcript(draw, numberIn(replacement) ?? 0, await this.isHost(request.officer, draw));
  }

  /** The host lets the next digits out, or pauses. */
  @Allow('organiser')
  @Post('office/draws/:promotion/:period/cues')
  @HttpCode(200)
  async cue(@SignedIn() officer: Officer, @Body() body: unknown): Promise<{ shown: number }> {
    return this.hall.cue(posted(body, 'draw'), officer, {
      replacement: Math.max(0, Number(posted(body, 'replacement')) || 0),
      shown: Math.max(0, Math.floor(Number(posted(body, 'shown')) || 0)),
      paused: posted(body, 'paused') === 'yes',
    });
  }

  /** Invented codes, a watermark, and nothing that is kept: it cannot become the real draw. */
  @Public()
  @Get('draws/:promotion/:period/rehearsal')
  @Header('content-type', HTML)
  async rehearse(@Req() request: FastifyRequest, @Param() which: Which): Promise<string> {
    const draw = await this.hall.find(which.promotion, which.period);
    return this.page(request, draw, {
      ...(await this.hall.screen(draw, 0)),
      rehearsal: true,
      host: true,
      transcript: undefined,
      source: `/draws/${which.promotion}/${which.period}/rehearsal/transcript`,
    });
  }

  @Public()
  @Get('draws/:promotion/:period/rehearsal/transcript')
  async rehearsed(@Param() which: Which) {
    return this.hall.rehearsal(await this.hall.find(which.promotion, which.period));
  }

  private async isHost(officer: Officer | undefined, draw: DrawRow): Promise<boolean> {
    if (!officer) return false;
    return this.officers.may(officer, 'organiser', { campaignId: draw.campaignId, unitId: draw.unitId });
  }

  private async page(
    request: FastifyRequest,
    draw: DrawRow,
    model: Record<string, unknown>,
  ): Promise<string> {
    const address = `${this.config.PUBLIC_URL}/verify?draw=${encodeURIComponent(draw.slug)}`;
    return this.views.page(request, 'draws/hall', {
      layout: 'hall',
      title: drawTitle(this.views, request, draw),
      crumbs: [],
      ownHeading: true,
      scripts: ['draw-hall.js'],
      draw,
      address,
      qr: await QRCode.toString(address, { type: 'svg', margin: 0, errorCorrectionLevel: 'M' }),
      ...model,
    });
  }
}
