import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { HTML, numberIn } from './room.pages.js';
import { readable, signatureIn, withoutSecrets } from './room.service.js';
import { WinnerFiles } from './winner-files.queries.js';
import { WinnerActs } from './winner-acts.service.js';

interface Which {
  promotion: string;
  period: string;
  id: string;
}

@ApiExcludeController()
@Controller('office/draws/:promotion/:period/winners')
@Allow('organiser', 'partner', 'auditor')
export class WinnerPages {
  constructor(
    private readonly views: Views,
    private readonly files: WinnerFiles,
    private readonly acts: WinnerActs,
  ) {}

  @Get()
  @Header('content-type', HTML)
  async list(
    @Req() request: FastifyRequest,
    @SignedIn() officer: Officer,
    @Param() { promotion, period }: Which,
    @Query('number') number?: string,
  ): Promise<string> {
    return this.views.page(request, 'draws/winners', {
      ...(await this.files.list(officer, promotion, period, numberIn(number))),
      title: 'draws.winners.title',
      crumbs: this.crumbs(promotion, period, 'draws.winners.title'),
      here: `/office/draws/${promotion}/${period}`,
      officer,
    });
  }

  @Get(':id')
  @Header('content-type', HTML)
  show(@Req() request: FastifyRequest, @SignedIn() officer: Officer, @Param() which: Which): Promise<string> {
    return this.page(request, officer, which);
  }

  /** `act` names what is done: contacts, identity, consent, tax, hand-over, giving-up, disqualification, notices, … */
  @Post(':id/:act')
  @Header('content-type', HTML)
  async act(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param() which: Which & { act: string },
    @Body() body: unknown,
  ): Promise<string> {
    let key: string;
    try {
      const sign = { id: numberIn(which.id) ?? 0, officer, signature: signatureIn(body) };
      key = await this.acts.done(which.act, sign, body);
    } catch (fault) {
      if (!(fault instanceof InputError)) throw fault;
      reply.code(422);
      const findings = readable(fault.findings, this.views.locale(request));
      return this.page(request, officer, which, { findings, act: which.act, values: withoutSecrets(body) });
    }
    return seeOther(reply, `/office/draws/${which.promotion}/${which.period}/winners/${which.id}`, {
      kind: 'success',
      key: `draws.done.${key}`,
    });
  }

  private async page(
    request: FastifyRequest,
    officer: Officer,
    which: Which,
    wrong: { findings?: Finding[]; act?: string; values?: unknown } = {},
  ) {
    const { promotion, period } = which;
    const file = await this.files.file(officer, numberIn(which.id) ?? 0);
    const title = `${file.winner.prizeVi} · ${file.winner.code}`;
    return this.views.page(request, 'draws/winner', {
      ...file,
      title,
      crumbs: [
        ...this.crumbs(promotion, period, ''),
        { href: `/office/draws/${promotion}/${period}/winners`, label: 'draws.winners.title' },
        { label: title },
      ].filter(({ label }) => label !== ''),
      here: `/office/draws/${promotion}/${period}/winners/${which.id}`,
      officer,
      ...wrong,
    });
  }

  private crumbs(promotion: string, period: string, last: string) {
    return [
      { href: '/office', label: 'shell.nav.office' },
      { href: '/office/draws', label: 'draws.office.title' },
      { href: `/office/draws/${promotion}/${period}`, label: `${promotion}/${period}` },
      { label: last },
    ];
  }
}
