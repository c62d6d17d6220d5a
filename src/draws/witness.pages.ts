import { Body, Controller, Header, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { posted } from '../platform/http/form.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { Objections } from './objections.service.js';
import { HTML } from './room.pages.js';
import { Room, signatureIn } from './room.service.js';
import { Strikes } from './strikes.service.js';
import { Witnesses } from './witness.service.js';

/** Acts of those who look at the list: objections, witnesses, strikes. */
@ApiExcludeController()
@Controller('office/draws/:promotion/:period')
@Allow('organiser', 'partner', 'witness', 'auditor')
export class WitnessPages {
  constructor(
    private readonly room: Room,
    private readonly objections: Objections,
    private readonly witnesses: Witnesses,
    private readonly strikes: Strikes,
  ) {}

  @Post('objections')
  @Header('content-type', HTML)
  open(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'open-objections' }, async (slug) => {
      await this.objections.open(slug, officer, signatureIn(body));
      return 'objections';
    });
  }

  @Post('objections/decisions')
  @Header('content-type', HTML)
  decideObjection(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'objection' }, async () => {
      const decision = posted(body, 'decision') === 'upheld' ? 'upheld' : 'rejected';
      const decided = {
        id: Number(posted(body, 'objection')) || 0,
        decision,
        reason: posted(body, 'reason'),
      } as const;
      await this.objections.decide(officer, signatureIn(body), decided);
      return 'objection';
    });
  }

  @Post('cosignatures')
  @Header('content-type', HTML)
  cosign(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'cosign' }, async (slug) => {
      const line = posted(body, 'line');
      const signature = signatureIn(body);
      if (line) await this.witnesses.upload(slug, officer, signature, { line, key: posted(body, 'key') });
      else await this.witnesses.cosign(slug, officer, signature, posted(body, 'root'));
      return 'cosigned';
    });
  }

  @Post('strikes')
  @Header('content-type', HTML)
  strike(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'strike' }, async (slug) => {
      const code = posted(body, 'struck').toUpperCase();
      const decision = posted(body, 'decision');
      if (decision === 'confirmed' || decision === 'rejected')
        await this.strikes.decide(slug, officer, signatureIn(body), { code, decision });
      else
        await this.strikes.propose(slug, officer, signatureIn(body), {
          code,
          reason: posted(body, 'reason'),
        });
      return 'strike';
    });
  }
}
