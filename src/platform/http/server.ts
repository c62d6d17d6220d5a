import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import statics from '@fastify/static';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ValidationPipe } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { log, loggedPath } from '../log.js';
import { InputError } from './input-error.js';
import { preferences } from './preferences.js';
import { ReadyPages } from './ready-pages.js';

const PUBLIC_FILES = join(import.meta.dirname, '../../../dist/public');
const MEGABYTE = 1_048_576;

/** Fastify with the limits and names every request gets; uploads stream and have limits of their own. */
export function serverAdapter(trustProxy: boolean): FastifyAdapter {
  return new FastifyAdapter({
    trustProxy,
    bodyLimit: 2 * MEGABYTE,
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  });
}

const policy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    objectSrc: ["'none'"],
    baseUri: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'self'"],
  },
};

/** What stands before every controller: compression, headers, cookies, uploads, static files, checks of what is posted. */
export async function equip(app: NestFastifyApplication): Promise<void> {
  const ready = app.get(ReadyPages);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onSend', ready.keep);
  ready.standBefore(fastify.server);
  await app.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip'],
    brotliOptions: { params: { 1: 5 } },
  });
  await app.register(helmet, { contentSecurityPolicy: policy, strictTransportSecurity: false });
  await app.register(cookie);
  await app.register(multipart, { limits: { fileSize: 20 * 1024 * MEGABYTE, files: 1, fields: 40 } });
  await app.register(statics, {
    root: PUBLIC_FILES,
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    index: false,
    decorateReply: false,
  });
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      transform: true,
      exceptionFactory: (faults) => InputError.from(faults),
    }),
  );
  fastify.addHook('onRequest', preferences);
  logRequests(app);
}

function logRequests(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const path = loggedPath(request.url);
      log.debug({
        id: request.id,
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      });
      done();
    });
}
