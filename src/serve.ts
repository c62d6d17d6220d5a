import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { fillDemo } from './demo/fill.js';
import { progressOf } from './demo/installation.js';
import { createServer, listen } from './main.js';
import { FirstAdministrator } from './officers/first-administrator.service.js';
import { say } from './platform/command.js';
import type { Config } from './platform/config.js';
import { loadKeys } from './platform/crypto/keys.js';
import { migrate } from './platform/database/migrate.js';
import { type OpenDatabase, openDatabase } from './platform/database/open-database.js';
import { log } from './platform/log.js';

/** Serves until told to stop. Signals during the start are obeyed as soon as the step under way is done. */
export async function serve(config: Config, demo: boolean): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stopping.abort(signal));
  const database = await openDatabase(config, true);
  try {
    for (const name of await migrate(database.url)) log.info({ migration: name }, 'migration applied');
    await run(config, database, demo, stopping.signal);
  } finally {
    await database.close();
  }
}

async function run(config: Config, database: OpenDatabase, demo: boolean, stop: AbortSignal): Promise<void> {
  const app = await createServer({ config, keys: await loadKeys(config), databaseUrl: database.url });
  try {
    await app.init();
    await (demo ? fill(app, stop) : remindOfUnfinishedDemo(app));
    if (stop.aborted) return;
    await firstAdministrator(app);
    await listen(app, config.PORT).catch((fault: NodeJS.ErrnoException) => {
      if (fault.code !== 'EADDRINUSE') throw fault;
      throw new Error(
        `Port ${config.PORT} is taken by another program: set PORT to a free one, for example PORT=3001.`,
      );
    });
    say(`Thi Đua: ${config.PUBLIC_URL}`);
    await stopped(stop);
    log.info('stopping');
  } finally {
    await app.close();
  }
}

/** Done before anybody is let in, so that nobody meets half an example. */
async function fill(app: NestFastifyApplication, stop: AbortSignal): Promise<void> {
  const filled = await fillDemo(app, stop, (line) => say(`  ${line}`));
  if (filled === 'not-empty')
    log.warn('the database holds data of its own: the example province is left out');
  if (filled === 'stopped') say('The example province is not complete; the next start goes on from there.');
}

async function remindOfUnfinishedDemo(app: NestFastifyApplication): Promise<void> {
  if ((await progressOf(app.get(DataSource))).state === 'filling')
    log.warn('this database holds half of the example province: start once with --demo to complete it');
}

/** Without an administrator nobody could invite anybody: the link is said here, once, and kept nowhere. */
async function firstAdministrator(app: NestFastifyApplication): Promise<void> {
  const link = await app.get(DataSource).transaction((tx) => app.get(FirstAdministrator).ensure(tx));
  if (link)
    say(
      `No administrator yet. Open this link, once, to become the first one (it works for 7 days):\n  ${link}`,
    );
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
