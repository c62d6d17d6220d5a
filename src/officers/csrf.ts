import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../platform/config.js';
import { Vault } from '../platform/crypto/vault.js';
import { Cookies } from './cookies.js';
import { freshSecret, same } from './secret.js';

/** Tokens that prove a form came from a page of ours: a keyed hash of the session's cookie, or of the visitor's. */
@Injectable()
export class Csrf {
  private readonly origin: string;

  constructor(
    config: Config,
    private readonly vault: Vault,
    private readonly cookies: Cookies,
  ) {
    this.origin = new URL(config.PUBLIC_URL).host;
  }

  /**
   * The token for the forms of this answer. A visitor gets a cookie for it, so it is asked for only where a form is.
   * Masked anew each time: a compressed page gives nothing away by its length.
   */
  token(request: FastifyRequest, reply: FastifyReply): string {
    const mac = this.mac(this.anchor(request) ?? this.newVisitor(request, reply));
    const mask = randomBytes(mac.length);
    reply.header('cache-control', 'private, no-store');
    return Buffer.concat([mask, xor(mac, mask)]).toString('base64url');
  }

  holds(request: FastifyRequest, given: unknown): boolean {
    const anchor = this.anchor(request);
    if (anchor === undefined || typeof given !== 'string') return false;
    const bytes = Buffer.from(given, 'base64url');
    if (bytes.length !== 64) return false;
    return same(xor(bytes.subarray(32), bytes.subarray(0, 32)), this.mac(anchor));
  }

  /** What the browser itself says of where the request comes from. Old browsers say nothing: then the token decides. */
  comesFromElsewhere({ headers }: FastifyRequest): boolean {
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
    const { origin, host } = headers;
    if (origin === undefined || origin === 'null') return false;
    const from = URL.canParse(origin) ? new URL(origin).host : '';
    return from !== host && from !== this.origin;
  }

  private anchor(request: FastifyRequest): string | undefined {
    const session = request.officer && this.cookies.read(request, 'session');
    if (session) return `session ${session}`;
    const visitor = this.cookies.read(request, 'visitor');
    return visitor && `visitor ${visitor}`;
  }

  private newVisitor(request: FastifyRequest, reply: FastifyReply): string {
    const visitor = freshSecret();
    this.cookies.write(reply, 'visitor', visitor);
    // Further forms on the same page belong to the same visitor.
    this.cookies.remember(request, 'visitor', visitor);
    return `visitor ${visitor}`;
  }

  private mac(anchor: string): Buffer {
    return this.vault.fingerprint(`csrf ${anchor}`);
  }
}

const xor = (a: Buffer, b: Buffer) => Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
