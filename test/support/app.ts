import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { createServer, listen } from '../../src/main.js';
import { Clock } from '../../src/platform/clock.js';
import { readConfig } from '../../src/platform/config.js';
import { loadKeys } from '../../src/platform/crypto/keys.js';

/** A running application on a database of its own, listening on a free port of this machine. */
export interface TestApp {
  readonly nest: NestFastifyApplication;
  readonly url: string;
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly db: DataSource;
  /** Every route of a controller, as Fastify was told. */
  readonly routes: readonly { method: string; path: string }[];
  /** The clock of this application; `set` stops it at an instant, `free` lets it run again. */
  readonly clock: { set(iso: string): void; free(): void };
  /** A visitor with cookies of their own. */
  visitor(): ReturnType<typeof supertest.agent>;
  get<T>(token: abstract new (...args: never[]) => T): T;
  close(): Promise<void>;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.TEST_SERVER });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** A database of its own, cloned from the migrated template or from another one. */
export async function cloneDatabase(
  template = process.env.TEST_TEMPLATE,
  name = `test_${randomBytes(6).toString('hex')}`,
): Promise<string> {
  await onServer(`create database ${name} template ${template}`);
  return (process.env.TEST_SERVER ?? '').replace(/\/[^/]*$/, `/${name}`);
}

/** Starts the application; `databaseUrl` of a running one makes a second instance on the same data. */
export async function startApp(
  options: {
    databaseUrl?: string;
    dataDir?: string;
    env?: Record<string, string>;
    work?: (app: NestFastifyApplication) => void;
  } = {},
): Promise<TestApp> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'thidua-data-'));
  const databaseUrl = options.databaseUrl ?? (await cloneDatabase());
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', DRAND_RELAYS: 'none', ...options.env });
  const nest = await createServer({ config, keys: await loadKeys(config), databaseUrl });
  const routes: { method: string; path: string }[] = [];
  const fastify = nest.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().map((one) => ({ method: one, path: url })));
  });
  await fastify.after();
  await nest.init();
  options.work?.(nest);
  await listen(nest, 0, '127.0.0.1');
  const url = await nest.getUrl();
  const clock = nest.get(Clock);
  const real = clock.now.bind(clock);
  return {
    nest,
    url,
    databaseUrl,
    dataDir,
    routes,
    db: nest.get(DataSource),
    clock: { set: (iso) => (clock.now = () => new Date(iso)), free: () => (clock.now = real) },
    visitor: () => supertest.agent(url),
    get: (token) => nest.get(token as never, { strict: false }),
    close: () => nest.close(),
  };
}
