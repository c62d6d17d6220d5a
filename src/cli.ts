#!/usr/bin/env node
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Command } from 'commander';
import { AppModule } from './app.module.js';
import { demoCommands } from './demo/demo.commands.js';
import { drawCommands } from './draws/draws.commands.js';
import { witnessCommands } from './draws/witness.commands.js';
import { paymentCommands } from './entries/payments.commands.js';
import { journalCommands } from './journal/journal.commands.js';
import { officerCommands } from './officers/officers.commands.js';
import { CommandFailed, say, type WithApp } from './platform/command.js';
import { readConfig } from './platform/config.js';
import { loadKeys } from './platform/crypto/keys.js';
import { migrate } from './platform/database/migrate.js';
import { openDatabase } from './platform/database/open-database.js';
import { log, NestLog } from './platform/log.js';
import { unitCommands } from './units/units.commands.js';
import { readingCommands } from './readings/readings.commands.js';
import { verifyCommand } from './verify/verify.commands.js';
import { serve } from './serve.js';

const withApp: WithApp = async (work) => {
  if (!process.env.LOG_LEVEL) log.level = 'warn';
  const config = readConfig(process.env);
  const database = await openDatabase(config);
  try {
    await migrate(database.url);
    const ground = { config, keys: await loadKeys(config), databaseUrl: database.url };
    const app = await NestFactory.createApplicationContext(AppModule.on(ground), {
      logger: new NestLog(),
      abortOnError: false,
    });
    return await work(app).finally(() => app.close());
  } finally {
    await database.close();
  }
};

function groundCommands(program: Command): void {
  program
    .command('serve')
    .description('start the server (the embedded PostgreSQL with it, unless DATABASE_URL is set)')
    .option('--demo', 'fill an empty database with the example province first')
    .action(async (options: { demo?: boolean }) => serve(readConfig(process.env), options.demo === true));
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .action(async () => {
      if (!process.env.LOG_LEVEL) log.level = 'warn';
      const database = await openDatabase(readConfig(process.env));
      const applied = await migrate(database.url).finally(() => database.close());
      say(
        applied.length === 0
          ? 'The schema is up to date.'
          : applied.map((name) => `applied ${name}`).join('\n'),
      );
    });
}

/** Features add their own: (program, withApp) => void. */
const COMMANDS: ((program: Command, withApp: WithApp) => void)[] = [
  groundCommands,
  unitCommands,
  journalCommands,
  officerCommands,
  readingCommands,
  verifyCommand,
  paymentCommands,
  drawCommands,
  witnessCommands,
  demoCommands,
];

const program = new Command('thidua').description(
  'Thi Đua: campaigns, promotions and draws that can be checked',
);
program.showHelpAfterError('(thidua --help lists the commands)');
for (const add of COMMANDS) add(program, withApp);

try {
  await program.parseAsync();
} catch (fault) {
  if ((fault as Error).message) process.stderr.write(`thidua: ${(fault as Error).message}\n`);
  process.exitCode = fault instanceof CommandFailed ? fault.exitCode : 2;
}
