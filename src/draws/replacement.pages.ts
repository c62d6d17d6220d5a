import { Body, Controller, Header, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { PlanForm } from './plan-form.queries.js';
import { Replacements } from './replacement.service.js';
import { HTML } from './room.pages.js';
import { Room, signatureIn } from './room.service.js';
import { sourcesIn } from './source-form.js';

/** Vacant prizes are drawn again. */
@ApiExcludeController()
@Controller('office/draws/:promotion/:period')
@Allow('organiser', 'partner')
export class ReplacementPages {
  constructor(
    private readonly room: Room,
    private readonly replacements: Replacements,
    private readonly form: PlanForm,
  ) {}

  @Post('replacements')
  @Header('content-type', HTML)
  publish(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Body() body: unknown,
  ): Promise<string> {
    return this.room.answer({ request, reply, officer, body, act: 'replacement' }, async (slug) => {
      await this.replacements.publishAddendum(
        slug,
        officer,
        signatureIn(body),
        sourcesIn(body, await this.form.chains()),
      );
      return 'addendum';
    });
  }
}
