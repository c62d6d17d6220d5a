import { type ArgumentsHost, Catch, type ExceptionFilter, UnauthorizedException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A visitor opened a page for officers. */
export class SignInFirst extends UnauthorizedException {
  constructor() {
    super('officers.refusals.signInFirst');
  }
}

/** Leads to the sign-in page, and from there back to the page that was asked for. */
@Catch(SignInFirst)
export class SignInFirstFilter implements ExceptionFilter {
  catch(_: SignInFirst, host: ArgumentsHost): void {
    const { url } = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const search = new URLSearchParams({ next: url });
    void reply.header('cache-control', 'no-store').redirect(`/officers/login?${search.toString()}`, 303);
  }
}
