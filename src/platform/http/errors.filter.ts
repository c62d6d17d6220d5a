import { randomBytes } from 'node:crypto';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EntityNotFoundError } from 'typeorm';
import type { Locale } from './format.js';
import { loggedPath } from '../log.js';
import { isNoRoom } from '../no-room.js';
import { InputError, type Finding } from './input-error.js';
import { Messages } from './messages.js';
import { findingText } from './template-functions.js';
import { Views } from './views.js';
import { visitOf } from './visit.js';

interface Fault {
  status: number;
  /** What support looks for in the log. */
  reference: string;
  detail?: string;
  findings: Finding[];
}

/** Every exception becomes an answer here: problem JSON (RFC 9457) under /api/, a page elsewhere. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  private readonly log = new Logger('Errors');

  constructor(
    private readonly views: Views,
    private readonly messages: Messages,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const fault = faultOf(error);
    this.note(fault, error, request);
    if (reply.sent || reply.raw.headersSent) return;
    if (fault.status === 401 && isPage(request)) return toSignIn(request, reply);
    const isApi = request.url.startsWith('/api/');
    const wait = (error as { retryAfterSeconds?: unknown }).retryAfterSeconds;
    if (typeof wait === 'number') reply.header('retry-after', wait);
    reply
      .code(fault.status)
      .header('cache-control', 'no-store')
      .type(isApi ? 'application/problem+json; charset=utf-8' : 'text/html; charset=utf-8')
      .send(isApi ? this.problem(fault, request) : this.page(fault, request));
  }

  private note({ status, reference }: Fault, error: unknown, request: FastifyRequest): void {
    const path = loggedPath(request.url);
    const line = `${reference} ${status} ${request.method} ${path}`;
    if (status < 500) this.log.debug(`${line}: ${(error as Error).message}`);
    else this.log.error(line, error instanceof Error ? error.stack : String(error));
  }

  private problem({ status, reference, detail, findings }: Fault, request: FastifyRequest): string {
    const { locale } = visitOf(request);
    const key = this.kind(status);
    return JSON.stringify({
      type: `/help#error-${status}`,
      title: this.messages.text(`errors.page.${key}.title`, locale),
      status,
      detail:
        findings.length > 0
          ? this.messages.text('errors.page.input.lead', locale)
          : this.words(detail, locale),
      instance: `urn:thidua:error:${reference}`,
      reference,
      ...(findings.length > 0 && {
        findings: findings.map((found) => ({ ...found, text: findingText(this.messages, locale, found) })),
      }),
    });
  }

  private page({ status, reference, detail, findings }: Fault, request: FastifyRequest): string {
    const key = this.kind(status);
    return this.views.page(request, 'errors/error', {
      title: `errors.page.${key}.title`,
      crumbs: [],
      lead: `errors.page.${key}.lead`,
      next: `errors.page.${key}.next`,
      signIn: status === 401,
      returnTo: request.method === 'GET' ? request.url : '/',
      detail: detail && this.messages.has(detail) ? this.views.text(request, detail) : undefined,
      status,
      reference,
      findings,
    });
  }

  /** A reason that is the key of a message is said in the reader's language; others are for programs. */
  private words(detail: string | undefined, locale: Locale): string | undefined {
    return detail && this.messages.has(detail) ? this.messages.text(detail, locale) : detail;
  }

  private kind(status: number): string {
    return KINDS[status] ?? (status >= 500 ? 'fault' : 'refused');
  }
}

const KINDS: Record<number, string> = {
  400: 'refused',
  401: 'signedOut',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  410: 'notFound',
  413: 'tooLarge',
  422: 'input',
  429: 'tooMany',
  503: 'unavailable',
  507: 'full',
};

const isPage = ({ method, url }: FastifyRequest) => method === 'GET' && !/^\/(api|live)\//.test(url);

/** A visitor opened a page for officers: sign in first, then go on to it. */
function toSignIn({ url }: FastifyRequest, reply: FastifyReply): void {
  reply.header('cache-control', 'no-store').redirect(`/officers/login?to=${encodeURIComponent(url)}`, 303);
}

function faultOf(error: unknown): Fault {
  const reference = referenceNumber();
  if (error instanceof InputError) return { status: 422, reference, findings: error.findings };
  if (error instanceof EntityNotFoundError) return { status: 404, reference, findings: [] };
  const status = statusOf(error);
  // Nest's own words for an unknown address name the route in English; the title says it already.
  const detail = status < 500 && status !== 404 ? (error as Error).message : undefined;
  return { status, reference, findings: [], detail };
}

/** Nest's exceptions say it in a method, Fastify's own (a body too large, malformed JSON) in a property. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (isNoRoom(error)) return 507;
  const code = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof code === 'number' && code >= 400 && code < 600 ? code : 500;
}

/** Eight letters and digits that can be read out on the telephone: no O and 0, no I and 1. */
function referenceNumber(): string {
  const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  const text = [...randomBytes(8)].map((byte) => alphabet[byte % 32]).join('');
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
