import { createHash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by who wrote a page that is the same for everybody: may be given out as it is while this holds. */
    holds?: () => boolean;
  }
}

type Form = 'br' | 'gzip';

/** An answer as it goes out: names and values of its headers in turn, as the server takes them without looking again. */
interface Sent {
  readonly headers: readonly string[];
  readonly body: Buffer;
}

interface Ready {
  readonly holds: () => boolean;
  readonly tag: string;
  readonly headers: readonly string[];
  readonly plain: Sent;
  readonly packed: Partial<Record<Form, Sent | Promise<Sent>>>;
}

const MOST_PAGES = 200;
const MOST_BYTES = 64 * 1_048_576;
/** Cookies of ours that make a visitor somebody; of the others, only language and light make the page another one. */
const PERSONAL = /(?:^|;)\s*(?:flash|(?:__Host-)?thidua-[a-z-]+)=/i;
const OF_THE_ANSWER = ['content-length', 'transfer-encoding', 'connection', 'date', 'keep-alive'];

/**
 * Public pages as bytes: written once, then given out before anything else looks at the request, with their ETag, in the form
 * the browser takes. Nothing that belongs to one visitor is ever kept: a request with a session, or an answer with a cookie,
 * goes its ordinary way.
 */
@Injectable()
export class ReadyPages {
  private readonly pages = new Map<string, Ready>();
  private bytes = 0;

  /** Answers by itself what is ready; what is not goes on to the server as ever. */
  standBefore(server: Server): void {
    const listeners = server.listeners('request') as ((
      request: IncomingMessage,
      answer: ServerResponse,
    ) => void)[];
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, answer: ServerResponse) => {
      const page = this.pages.size > 0 && server.listening ? this.readyFor(request) : undefined;
      if (!page) return listeners.forEach((listener) => listener.call(server, request, answer));
      void send(answer, page, request.headers['if-none-match'], formFor(request.headers['accept-encoding']));
    });
  }

  private readyFor({ method, url, headers }: IncomingMessage): Ready | undefined {
    const look = method === 'GET' ? lookOf(headers.cookie) : undefined;
    const key = look && `${look}|${url}`;
    const page = key ? this.pages.get(key) : undefined;
    if (!key || !page || page.holds()) return page;
    this.drop(key, page);
    return undefined;
  }

  /** Hook before the answer is compressed and sent. */
  readonly keep = (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (fault: null, payload: unknown) => void,
  ): void => {
    const { holds } = request;
    if (holds && typeof payload === 'string' && reply.statusCode === 200 && !reply.getHeader('set-cookie')) {
      const look = lookOf(request.raw.headers.cookie);
      const page = pageOf(reply, Buffer.from(payload), holds);
      void reply.header('etag', page.tag).header('cache-control', 'no-cache');
      if (look) this.put(`${look}|${request.raw.url}`, page);
    }
    done(null, payload);
  };

  private put(key: string, page: Ready): void {
    const old = this.pages.get(key);
    if (old) this.drop(key, old);
    this.pages.set(key, page);
    this.bytes += sizeOf(page);
    for (const [oldest, one] of this.pages) {
      if (this.pages.size <= MOST_PAGES && this.bytes <= MOST_BYTES) break;
      this.drop(oldest, one);
    }
  }

  private drop(key: string, page: Ready): void {
    this.pages.delete(key);
    this.bytes -= sizeOf(page);
  }
}

/** Language and light of a visitor without a session; undefined for everybody else. */
function lookOf(cookie: string | undefined): string | undefined {
  if (!cookie) return 'vi|auto';
  if (PERSONAL.test(cookie)) return undefined;
  const said = cookie.split(/;\s*/).map((pair) => pair.split('=', 2));
  const of = (name: string) => said.find(([one]) => one === name)?.[1];
  return `${of('lang') ?? 'vi'}|${of('theme') ?? 'auto'}`;
}

function pageOf(reply: FastifyReply, body: Buffer, holds: () => boolean): Ready {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`;
  const own = { etag: tag, 'cache-control': 'no-cache', vary: 'accept-encoding, cookie' };
  const headers = Object.entries({ ...reply.getHeaders(), ...own }).flatMap(([name, value]) =>
    value === undefined || OF_THE_ANSWER.includes(name)
      ? []
      : [value].flat().flatMap((one) => [name, String(one)]),
  );
  return { holds, tag, headers, plain: sentAs(headers, body), packed: {} };
}

const sentAs = (headers: readonly string[], body: Buffer, form?: Form): Sent => ({
  headers: [...headers, ...(form ? ['content-encoding', form] : []), 'content-length', String(body.length)],
  body,
});

async function send(
  answer: ServerResponse,
  page: Ready,
  seen: string | undefined,
  form: Form | undefined,
): Promise<void> {
  if (seen?.split(/,\s*/).some((tag) => tag.replace(/^W\//, '') === page.tag))
    return void answer.writeHead(304, [...page.headers]).end();
  const sent = form ? packed(page, form) : page.plain;
  const { headers, body } = 'body' in sent ? sent : await sent;
  answer.writeHead(200, headers as string[]).end(body);
}

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

/** Made once, when somebody first takes the page in this form. */
function packed(page: Ready, form: Form): Sent | Promise<Sent> {
  const known = page.packed[form];
  if (known) return known;
  const { body } = page.plain;
  const bytes = form === 'br' ? brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : zip(body);
  const made = bytes.then((small) => (page.packed[form] = sentAs(page.headers, small, form)));
  page.packed[form] = made;
  return made;
}

/** The form the browser takes; undefined: as it is. */
function formFor(accepted: string | string[] | undefined): Form | undefined {
  const text = String(accepted ?? '');
  if (text === '') return undefined;
  if (/\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(text)) return 'br';
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(text) ? 'gzip' : undefined;
}

const sizeOf = ({ plain }: Ready): number => plain.body.length;
