import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Flash } from './visit.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the act before this page did, to be said once. */
    flash?: Flash;
  }
}

const COOKIE = 'flash';

/** After an act: go and see the result there (303), where the sentence of this key is said once. Return it from the handler. */
export function seeOther(reply: FastifyReply, path: string, flash?: Flash): string {
  if (flash) {
    const text = Buffer.from(JSON.stringify(flash)).toString('base64url');
    reply.setCookie(COOKIE, text, { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 60 });
  }
  reply.code(303).header('location', path).header('cache-control', 'no-store');
  return '';
}

/** For pages: takes the sentence out of the cookie. What a browser made up is ignored. */
export function takeFlash(request: FastifyRequest, reply: FastifyReply): void {
  const text = request.cookies?.[COOKIE];
  if (!text || request.method !== 'GET' || /^\/(api|live|assets)\//.test(request.url)) return;
  reply.clearCookie(COOKIE, { path: '/' });
  try {
    const { kind, key, values } = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Flash;
    if (/^(success|info|warning|danger)$/.test(kind) && /^[\w.]+\.done\.\w+$/.test(key))
      request.flash = { kind, key, values };
  } catch {
    request.flash = undefined;
  }
}
