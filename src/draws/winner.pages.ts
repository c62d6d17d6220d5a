import { Body, Controller, Get, Header, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { posted } from '../platform/http/form.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import { Views } from '../platform/http/views.js';
import { HTML, numberIn } from './room.pages.js';
import { signatureIn } from './room.service.js';
import { WinnerFiles } from './winner-files.queries.js';
import { type Contact, Winners } from './winners.service.js';

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
    private readonly winners: Winners,
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
    return this.page(request, officer, which, []);
  }

  /** `act` names what was done: contacts, identity, consent, tax, hand-over, giving-up, disqualification. */
  @Post(':id/:act')
  @Header('content-type', HTML)
  async act(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param() which: Which & { act: string },
    @Body() body: unknown,
  ): Promise<string> {
    try {
      await this.done(which, officer, body);
    } catch (fault) {
      if (!(fault instanceof InputError)) throw fault;
      reply.code(422);
      return this.page(request, officer, which, fault.findings, which.act);
    }
    return seeOther(reply, `/office/draws/${which.promotion}/${which.period}/winners/${which.id}`, {
      kind: 'success',
      key: 'draws.done.winner',
    });
  }

  private async done(
    { id: text, act }: Which & { act: string },
    officer: Officer,
    body: unknown,
  ): Promise<void> {
    const id = numberIn(text) ?? 0;
    const signature = signatureIn(body);
    const acts: Record<string, () => Promise<void>> = {
      contacts: () =>
        this.winners.contact(id, officer, {
          channel: posted(body, 'channel') as Contact['channel'],
          outcome: posted(body, 'outcome') as Contact['outcome'],
          note: posted(body, 'note'),
        }),
      identity: () => this.winners.checkIdentity(id, officer, signature, posted(body, 'number')),
      consent: () => this.winners.consent(id, officer, posted(body, 'given') === 'yes'),
      tax: () =>
        this.winners.settleTax(
          id,
          officer,
          signature,
          posted(body, 'paidBy') === 'organizer' ? 'organizer' : 'winner',
        ),
      'hand-over': () => this.winners.handOver(id, officer, signature, posted(body, 'place')),
      'giving-up': () =>
        this.winners.giveUp(id, officer, signature, {
          outcome: posted(body, 'outcome') === 'expired' ? 'expired' : 'refused',
          reason: posted(body, 'reason'),
        }),
      disqualification: () => this.winners.disqualify(id, officer, signature, posted(body, 'reason')),
    };
    await acts[act]?.();
  }

  private async page(
    request: FastifyRequest,
    officer: Officer,
    which: Which,
    findings: Finding[],
    act?: string,
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
      findings,
      act,
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
