import { Controller, ForbiddenException, Get, NotFoundException, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Pdf } from '../documents/pdf.service.js';
import { Allow, type Officer, Public, SignedIn } from '../platform/http/access.js';
import { DrawPapers } from './draw-papers.service.js';
import { HTML, numberIn } from './room.pages.js';

interface Which {
  promotion: string;
  period: string;
}

/** Papers as pages that print exactly on A4, and as PDF where this machine has a Chromium. */
@ApiExcludeController()
@Controller()
export class PaperPages {
  constructor(
    private readonly papers: DrawPapers,
    private readonly pdf: Pdf,
  ) {}

  /** Rules from their publication on, minutes and list of winners once the result is published. */
  @Public()
  @Get('draws/:promotion/:period/papers/:kind')
  async open(
    @Param() { promotion, period, kind }: Which & { kind: string },
    @Res() reply: FastifyReply,
    @Query('format') format?: string,
  ) {
    const draw = await this.papers.find(promotion, period);
    if (!['rules', 'minutes', 'winners'].includes(kind) || !(await this.papers.isPublic(draw, kind)))
      throw new NotFoundException();
    return this.answer(reply, await this.papers.html(draw, kind), `${kind}-${draw.slug}`, format);
  }

  @Allow('organiser', 'partner', 'witness', 'auditor')
  @Get('office/draws/:promotion/:period/papers/:kind')
  async office(
    @SignedIn() officer: Officer,
    @Param() { promotion, period, kind }: Which & { kind: string },
    @Res() reply: FastifyReply,
    @Query('format') format?: string,
  ) {
    const draw = await this.papers.find(promotion, period);
    if (!(await this.papers.mayRead(officer, draw))) throw new ForbiddenException();
    return this.answer(reply, await this.papers.html(draw, kind, officer.id), `${kind}-${draw.slug}`, format);
  }

  @Allow('organiser', 'partner', 'auditor')
  @Get('office/draws/:promotion/:period/winners/:id/papers/:kind')
  async ofWinner(
    @SignedIn() officer: Officer,
    @Param() { promotion, period, id, kind }: Which & { id: string; kind: string },
    @Res() reply: FastifyReply,
    @Query('format') format?: string,
  ) {
    const draw = await this.papers.find(promotion, period);
    if (!(await this.papers.mayRead(officer, draw))) throw new ForbiddenException();
    if (kind !== 'hand-over' && kind !== 'vacancy') throw new NotFoundException();
    const html = await this.papers.ofWinner(numberIn(id) ?? 0, kind, officer.id);
    return this.answer(reply, html, `${kind}-${id}`, format);
  }

  private async answer(reply: FastifyReply, html: string, name: string, format: string | undefined) {
    void reply.header('cache-control', 'private, no-cache');
    void reply.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    if (format !== 'pdf') return reply.type(HTML).send(html);
    const paper = await this.pdf.print(html);
    void reply.header('content-disposition', `inline; filename="${name.replaceAll('/', '-')}.pdf"`);
    return reply.type('application/pdf').send(paper);
  }
}
