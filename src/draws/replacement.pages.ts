import { Body, Controller, Header, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { posted } from '../platform/http/form.js';
import { Allow, type Officer, SignedIn } from '../platform/http/access.js';
import { seeOther } from '../platform/http/flash.js';
import { QUICKNET } from './beacon.js';
import type { PlannedSource } from './plan.js';
import { Replacements } from './replacement.service.js';
import { HTML, numberIn } from './room.pages.js';
import { Room, signatureIn } from './room.service.js';
import { WinnerNotices } from './winner-notices.service.js';

/** Vacant prizes are drawn again; winners are told. */
@ApiExcludeController()
@Controller('office/draws/:promotion/:period')
@Allow('organiser', 'partner')
export class ReplacementPages {
  constructor(
    private readonly room: Room,
    private readonly replacements: Replacements,
    private readonly notices: WinnerNotices,
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
      await this.replacements.publishAddendum(slug, officer, signatureIn(body), sourcesIn(body));
      return 'addendum';
    });
  }

  @Post('winners/:id/notices/issue')
  async notify(
    @Res({ passthrough: true }) reply: FastifyReply,
    @SignedIn() officer: Officer,
    @Param() { promotion, period, id }: { promotion: string; period: string; id: string },
  ): Promise<string> {
    await this.notices.issue(numberIn(id) ?? 0, officer);
    return seeOther(reply, `/office/draws/${promotion}/${period}/winners/${id}`, {
      kind: 'success',
      key: 'draws.done.notice',
    });
  }
}

/** Dice before an audience, and a beacon round when one is named. */
export function sourcesIn(body: unknown): PlannedSource[] {
  const round = posted(body, 'round');
  const description = posted(body, 'description');
  return [
    ...(description
      ? [{ id: 'hall', kind: 'witness', description, pattern: posted(body, 'pattern') } as const]
      : []),
    ...(round ? [{ id: 'beacon', kind: 'drand', chain: QUICKNET, round: Number(round) } as const] : []),
  ];
}
