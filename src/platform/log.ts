import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';

/** Nothing that could name a person or open a door is written, whatever a caller passes. */
const NEVER = [
  'password',
  'token',
  'cookie',
  'authorization',
  'secret',
  'req.headers',
  'identity',
  'phone',
  'name',
];

export const log: Logger = pino({
  name: 'thidua',
  level: process.env.LOG_LEVEL || 'info',
  redact: {
    paths: [...NEVER, ...NEVER.filter((path) => !path.includes('.')).map((path) => `*.${path}`)],
    remove: true,
  },
});

/** Nest's own words, through the same log. */
export class NestLog implements LoggerService {
  log(message: unknown, context?: string): void {
    log.debug({ context }, String(message));
  }
  warn(message: unknown, context?: string): void {
    log.warn({ context }, String(message));
  }
  error(message: unknown, stack?: string, context?: string): void {
    log.error({ context, stack }, String(message));
  }
}

/** The path of a request without what was asked for, and without the secret of a one-time link. */
export function loggedPath(url: string): string {
  return (url.split('?', 1)[0] ?? '').replace(/\/[\w-]{43}(?=\/|$)/g, '/…');
}
