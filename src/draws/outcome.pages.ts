import { Body, Controller, Header, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { posted } from '../platform/http/form.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Closing } from './closing.service.js';
import { Drawing } from './result.service.js';
import { HTML } from './room.pages.js';
import { replacementIn, Room, signatureIn } from './room.service.js';
import { Sources } from './sources.service.js';

/** Acts from the first source to the publication. */
@ApiExcludeController()
@Controller('office/draws/:promotion/:period')
@Allow('organiser', 'partner', 'witness', 'auditor')
export class OutcomePages {
  constructor(
    private readonly room: Room,
    private readonly sources: Sources,
    private readonly drawing: Drawing,
    private readonly closing: Closing,
  ) {}

  @Post('sources')
  @Header('content-type', HTML)
  source(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'record-source' }, async (slug) => {
      const reading = { slug, source: posted(body, 'source'), replacement: replacementIn(body) };
      const value = posted(body, 'fetch') ? await this.sources.fetch(reading) : posted(body, 'value');
      const typed = await this.sources.record({ ...reading, value }, officer, signatureIn(body));
      return { first: 'sourceFirst', mismatch: 'sourceMismatch', recorded: 'sourceRecorded' }[
        typed || 'recorded'
      ];
    });
  }

  @Post('draw')
  @Header('content-type', HTML)
  draw(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'draw' }, async (slug) => {
      await this.drawing.draw(slug, officer, signatureIn(body), replacementIn(body), posted(body, 'reason'));
      return 'drawn';
    });
  }

  @Post('recomputation')
  @Header('content-type', HTML)
  recompute(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'recompute' }, async (slug) => {
      await this.closing.recompute({ slug, replacement: replacementIn(body) }, officer, signatureIn(body));
      return 'recomputed';
    });
  }

  @Post('certification')
  @Header('content-type', HTML)
  certify(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'certify' }, async (slug) => {
      await this.closing.certify(
        { slug, replacement: replacementIn(body) },
        officer,
        signatureIn(body),
        posted(body, 'resultHash'),
      );
      return 'certified';
    });
  }

  @Post('publication')
  @Header('content-type', HTML)
  publish(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'publish' }, async (slug) => {
      await this.closing.publish({ slug, replacement: replacementIn(body) }, officer, signatureIn(body));
      return 'published';
    });
  }

  @Post('void')
  @Header('content-type', HTML)
  void(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'void' }, async (slug) => {
      await this.closing.void(slug, officer, signatureIn(body), posted(body, 'reason'));
      return 'voided';
    });
  }
}
