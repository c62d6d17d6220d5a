import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { binaries } from '../../src/platform/database/binaries.js';
import { openCluster, stopCluster } from '../../src/platform/database/cluster.js';
import { migrate } from '../../src/platform/database/migrate.js';

const MIGRATIONS = join(process.cwd(), 'src/platform/database/migrations');

async function statement(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Starts a server (or uses TEST_DATABASE_URL), makes the template, and says how to stop. The workers find it through the environment. */
export async function startTestDatabase(folder: string): Promise<() => Promise<void>> {
  const fast = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=400',
    'shared_buffers=256MB',
  ];
  const given = process.env.TEST_DATABASE_URL;
  const programs = given ? undefined : await binaries();
  const cluster = programs && (await openCluster(folder, programs, fast));
  const server = given ?? `postgres://thidua:${cluster?.password}@127.0.0.1:${cluster?.port}/postgres`;
  const template = `thidua_template_${process.pid}`;
  await statement(server, `create database ${template}`);
  await migrate(server.replace(/\/[^/]*$/, `/${template}`), MIGRATIONS);
  process.env.TEST_SERVER = server;
  process.env.TEST_TEMPLATE = template;
  process.env.TEST_FOLDER = folder;
  return async () => {
    if (programs && cluster) await stopCluster(cluster.folder, programs);
    else
      for (const name of [template, `${template}_example`])
        await statement(server, `drop database if exists ${name}`);
    await rm(folder, { recursive: true, force: true });
    if (cluster) await rm(cluster.folder, { recursive: true, force: true });
  };
}
