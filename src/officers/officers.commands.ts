import type { Command } from 'commander';
import { DataSource } from 'typeorm';
import { CommandFailed, say, type WithApp } from '../platform/command.js';
import { Config } from '../platform/config.js';
import { Resets } from './resets.service.js';

/** `thidua officers reset`: the way back in when the only administrator forgot the password. */
export function officerCommands(program: Command, withApp: WithApp): void {
  const officers = program.command('officers').description('accounts of officers');
  officers
    .command('reset <login>')
    .description('print a one-time link with which this officer chooses a new password')
    .option('--second-factor', 'turn off two-step sign-in as well')
    .action(async (login: string, options: { secondFactor?: boolean }) =>
      withApp(async (app) => {
        const db = app.get(DataSource);
        const [officer] = await db.query<{ id: number }[]>(
          `select id from officer where login = $1 and disabled_at is null`,
          [login.toLowerCase()],
        );
        if (!officer) throw new CommandFailed('No open account has this sign-in name.');
        const secret = await db.transaction((tx) =>
          app.get(Resets).issue(tx, null, officer.id, options.secondFactor === true),
        );
        say(
          `Open this link, once, within 24 hours:\n  ${app.get(Config).PUBLIC_URL}/officers/reset/${secret}`,
        );
      }),
    );
}
