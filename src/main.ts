import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { ApiDescription } from './platform/http/api-description.js';
import { equip, serverAdapter } from './platform/http/server.js';
import { Jobs } from './platform/jobs/jobs.js';
import { Views } from './platform/http/views.js';
import { Live } from './platform/live/live.js';
import { NestLog } from './platform/log.js';
import type { Ground } from './platform/platform.module.js';

/** The application, equipped and not yet listening. */
export async function createServer(ground: Ground): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.on(ground),
    serverAdapter(ground.config.TRUST_PROXY),
    { logger: new NestLog(), abortOnError: false, rawBody: true },
  );
  await equip(app);
  app.get(ApiDescription).describe(app);
  return app;
}

/** Listens, then takes jobs and follows what other instances tell. */
export async function listen(app: NestFastifyApplication, port: number, host?: string): Promise<void> {
  app.get(Views).example = await holdsExample(app.get(DataSource));
  await app.listen(port, host ?? '0.0.0.0');
  await app.get(Live).start();
  await app.get(Jobs).start();
}

async function holdsExample(db: DataSource): Promise<boolean> {
  const found = await db.query<unknown[]>(`select from installation where name = 'demo'`);
  return found.length > 0;
}
