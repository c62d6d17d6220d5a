import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Access, ACCESS } from '../platform/http/access.js';
import { takeFlash } from '../platform/http/flash.js';
import { Cookies } from './cookies.js';
import { Csrf } from './csrf.js';
import { takeToken } from './multipart.js';
import { Sessions } from './sessions.service.js';

/** In front of every route: who is it, may they, and did a page of ours send it. Refuses what it was not told to allow. */
@Injectable()
export class Guard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
    private readonly cookies: Cookies,
    private readonly csrf: Csrf,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    await this.recognise(request, reply);
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    this.admit(request, access);
    if (!READS.includes(request.method)) await this.checkOrigin(request);
    return true;
  }

  private async recognise(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    takeFlash(request, reply);
    request.csrfToken = () => this.csrf.token(request, reply);
    const secret = this.cookies.read(request, 'session');
    if (!secret) return;
    request.officer = await this.sessions.officer(secret, request.headers['user-agent'] ?? '');
    if (request.officer) reply.header('cache-control', 'private, no-store');
  }

  private admit({ officer }: FastifyRequest, access: Access | undefined): void {
    if (access === 'public') return;
    if (!officer) throw new UnauthorizedException('officers.refusals.signInFirst');
    if (!access) throw new ForbiddenException('officers.refusals.noRight');
    if (access.length > 0 && !officer.roles.some(({ role }) => access.includes(role)))
      throw new ForbiddenException('officers.refusals.noRight');
  }

  private async checkOrigin(request: FastifyRequest): Promise<void> {
    if (this.csrf.comesFromElsewhere(request)) throw new ForbiddenException('officers.refusals.elsewhere');
    // Without a session there is nothing that a foreign page could borrow from the browser for the JSON interface.
    if (request.url.startsWith('/api/') && !request.officer) return;
    if (!this.csrf.holds(request, await givenToken(request)))
      throw new ForbiddenException('officers.refusals.staleForm');
  }
}

const READS = ['GET', 'HEAD', 'OPTIONS'];

/** Scripts send it in a header, forms in the field `_csrf`, which the handler does not see. */
async function givenToken(request: FastifyRequest): Promise<unknown> {
  const header = request.headers['x-csrf-token'];
  if (header !== undefined) return header;
  if (request.url.startsWith('/api/')) return undefined;
  if (request.isMultipart?.()) return takeToken(request);
  const body = request.body as Record<string, unknown> | null | undefined;
  if (typeof body !== 'object' || body === null) return undefined;
  const { _csrf, ...rest } = body;
  request.body = rest;
  return _csrf;
}
