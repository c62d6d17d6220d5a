import type { Command } from 'commander';
import { CommandFailed, say, type WithApp } from '../platform/command.js';
import { fillDemo } from './fill.js';

export function demoCommands(program: Command, withApp: WithApp): void {
  program
    .command('demo')
    .description('fill an empty database with the example province (serve --demo does it too)')
    .action(() => withApp(async (app) => conclude(await fillDemo(app, new AbortController().signal, say))));
}

function conclude(filled: Awaited<ReturnType<typeof fillDemo>>): void {
  if (filled === 'not-empty')
    throw new CommandFailed(
      'This database holds data already: the example only goes into an empty one. Nothing was changed.',
    );
  say(
    filled === 'filled'
      ? 'The example province is ready.'
      : 'The example province was ready before; nothing was changed.',
  );
}
