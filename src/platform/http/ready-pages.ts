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

type Form = 'identity' | 'br' | 'gzip';

interface Ready {
  readonly holds: () => boolean;
  readonly tag: string;
  readonly headers: Readonly<Record<string, string | string[] | number>>;
  readonly forms: Partial<Record<Form, Buffer | Promise<Buffer>>>;
}

const MOST_PAGES = 200;
const MOST_BYTES = 64 * 1_048_576;
/** What a cookie of a visitor may say without making the page another one; anything else is somebody in particular. */
const COMMON = ['lang', 'theme'];
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
  const said = cookie.split(/;\s*/).map((pair) => pair.split('=', 2));
  if (said.some(([name = '']) => !COMMON.includes(name))) return undefined;
  const of = (name: string) => said.find(([one]) => one === name)?.[1];
  return `${of('lang') ?? 'vi'}|${of('theme') ?? 'auto'}`;
}

function pageOf(reply: FastifyReply, body: Buffer, holds: () => boolean): Ready {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 24)}"`;
  const headers: Record<string, string | string[] | number> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined && !OF_THE_ANSWER.includes(name)) headers[name] = value;
  return {
    holds,
    tag,
    headers: { ...headers, etag: tag, 'cache-control': 'no-cache', vary: 'accept-encoding, cookie' },
    forms: { identity: body },
  };
}

async function send(
  answer: ServerResponse,
  page: Ready,
  seen: string | undefined,
  form: Form,
): Promise<void> {
  if (seen?.split(/,\s*/).some((tag) => tag.replace(/^W\//, '') === page.tag))
    return void answer.writeHead(304, page.headers).end();
  const known = page.forms[form];
  const body = known instanceof Buffer ? known : await compressed(page, form);
  const headers = form === 'identity' ? page.headers : { ...page.headers, 'content-encoding': form };
  answer.writeHead(200, { ...headers, 'content-length': body.length }).end(body);
}

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

/** Made once, when somebody first takes the page in this form. */
function compressed(page: Ready, form: Form): Promise<Buffer> | Buffer {
  const known = page.forms[form];
  if (known) return known;
  const plain = page.forms.identity as Buffer;
  const made = (
    form === 'br' ? brotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : zip(plain)
  ).then((bytes) => (page.forms[form] = bytes));
  page.forms[form] = made;
  return made;
}

function formFor(accepted: string | string[] | undefined): Form {
  const text = String(accepted ?? '');
  return /\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(text)
    ? 'br'
    : /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(text)
      ? 'gzip'
      : 'identity';
}

const sizeOf = ({ forms }: Ready): number => (forms.identity as Buffer).length;
