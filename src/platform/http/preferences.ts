import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

const YEAR = 31_536_000;
const CHOICES = { lang: ['vi', 'en'], theme: ['light', 'dark', 'auto'] };

/** Keeps the language and the light chosen by `?lang=` and `?theme=`. */
export async function preferences(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.method !== 'GET') return;
  const query = request.query as Record<string, unknown>;
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = query[name];
    if (typeof value === 'string' && allowed.includes(value))
      reply.setCookie(name, value, { path: '/', maxAge: YEAR, sameSite: 'lax', httpOnly: true });
  }
}
