import type { FastifyReply } from 'fastify';
import { type Finding, InputError } from './input-error.js';
import { TooManyAttempts } from './too-many-attempts.js';

/** The text of a posted field; never undefined, never an array. Passwords are not trimmed. */
export function posted(body: unknown, field: string, trim = true): string {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  const text = typeof value === 'string' ? value : '';
  return trim ? text.trim() : text;
}

/** A whole number as people write it, `200000`, `200.000` or `200,000`; NaN for anything else, `1.5` too. */
export function wholeNumber(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  return /^\d{1,3}([.,\s])\d{3}(?:\1\d{3})*$/.test(text) ? Number(text.replace(/\D/g, '')) : Number.NaN;
}

/** Of a field that may be ticked several times. */
export function postedList(body: unknown, field: string): string[] {
  const value = (body as Record<string, unknown> | null | undefined)?.[field];
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

/** A path of this site to go on to; anything else leads to `otherwise`, so that a link cannot lead away. */
export function pathOn(text: string, otherwise: string): string {
  return /^\/(?![/\\])[^\s\\]*$/.test(text) && !text.startsWith('/officers/login') ? text : otherwise;
}

/** Does what the form asks; when something in it is wrong, shows the form `again` with what was typed and what is wrong. */
export async function orAgain(
  reply: FastifyReply,
  act: () => Promise<string>,
  again: (findings: Finding[]) => string | Promise<string>,
): Promise<string> {
  try {
    return await act();
  } catch (fault) {
    if (fault instanceof InputError) {
      reply.code(422);
      return again(fault.findings);
    }
    if (fault instanceof TooManyAttempts) {
      reply.code(429).header('retry-after', fault.retryAfterSeconds);
      return again([{ code: 'errors.findings.tooMany', got: Math.ceil(fault.retryAfterSeconds / 60) }]);
    }
    throw fault;
  }
}
