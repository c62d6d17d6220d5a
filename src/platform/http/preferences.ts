import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Flash } from './visit.js';

const YEAR = 31_536_000;
const FLASH = 'flash';
const CHOICES = { lang: ['vi', 'en'], theme: ['light', 'dark', 'auto'] };

/** Keeps the language and the light chosen by `?lang=` and `?theme=`, and hands on the note of the last act, once. */
export async function preferences(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.method !== 'GET' || isMachinery(request.url)) return;
  const query = request.query as Record<string, unknown>;
  for (const [name, allowed] of Object.entries(CHOICES)) {
    const value = query[name];
    if (typeof value !== 'string' || !allowed.includes(value)) continue;
    reply.setCookie(name, value, { path: '/', maxAge: YEAR, sameSite: 'lax', httpOnly: true });
  }
  const note = request.cookies[FLASH];
  if (note === undefined) return;
  (request as FastifyRequest & { flash?: Flash }).flash = read(note);
  reply.clearCookie(FLASH, { path: '/' });
}

/** Tells the reader, on the next page, what has been done: the key of a message and what goes into it. */
export function flash(
  reply: FastifyReply,
  key: string,
  values: Flash['values'] = {},
  kind: Flash['kind'] = 'success',
) {
  const note = Buffer.from(JSON.stringify({ kind, key, values })).toString('base64url');
  return reply.setCookie(FLASH, note, { path: '/', maxAge: 60, sameSite: 'lax', httpOnly: true });
}

const isMachinery = (url: string) => /^\/(assets|api|live|healthz|readyz|metrics)(\/|$)/.test(url);

/** The cookie comes from the browser: whatever is not a note of ours is not shown. */
function read(note: string): Flash | undefined {
  try {
    const { kind, key, values } = JSON.parse(Buffer.from(note, 'base64url').toString()) as Flash;
    return ['success', 'info', 'warning', 'danger'].includes(kind) && typeof key === 'string'
      ? { kind, key, values: values ?? {} }
      : undefined;
  } catch {
    return undefined;
  }
}
