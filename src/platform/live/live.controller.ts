import { Controller, Get, Param, Req, Res, UnauthorizedException } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../http/access.js';
import { Live } from './live.js';

@ApiExcludeController()
@Controller('live')
export class LiveController {
  constructor(private readonly live: Live) {}

  /** Server-sent events of one topic. Open to all for public kinds, else to signed-in officers. */
  @Public()
  @Get(':topic')
  follow(@Param('topic') topic: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!this.live.isPublic(topic) && !request.officer) throw new UnauthorizedException();
    reply.hijack();
    if (!this.live.follow(topic, reply.raw)) reply.raw.writeHead(503, { 'retry-after': '30' }).end();
  }
}
