import '@fastify/cookie';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../platform/config.js';

type Name = 'session' | 'visitor' | 'half-way';

/** The three cookies of signing in. Under https they are tied to this very host and never travel in the clear. */
@Injectable()
export class Cookies {
  private readonly secure: boolean;

  constructor(config: Config) {
    this.secure = config.PUBLIC_URL.startsWith('https:');
  }

  read(request: FastifyRequest, name: Name): string | undefined {
    return request.cookies?.[this.full(name)] || undefined;
  }

  write(reply: FastifyReply, name: Name, value: string): void {
    reply.setCookie(this.full(name), value, this.options());
  }

  /** As if the browser had already sent it back. */
  remember(request: FastifyRequest, name: Name, value: string): void {
    request.cookies = { ...request.cookies, [this.full(name)]: value };
  }

  clear(reply: FastifyReply, name: Name): void {
    reply.clearCookie(this.full(name), this.options());
  }

  private full(name: Name): string {
    return this.secure ? `__Host-thidua-${name}` : `thidua-${name}`;
  }

  private options() {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure } as const;
  }
}
