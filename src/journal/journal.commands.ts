import type { Command } from 'commander';
import { DataSource } from 'typeorm';
import { CommandFailed, progressLine, say, type WithApp } from '../platform/command.js';
import { type Finding, verifyJournal } from './verification.js';

const WORDS: Record<Finding['code'], string> = {
  changed: 'its content is not what its hash was made of: it was changed',
  parted: 'it does not continue the entry before it: one was inserted, removed, changed or moved here',
  missing: 'numbers are missing before it: entries were removed',
  head: 'the journal does not end where its head says: entries were removed or added at the end',
  checkpoint: 'it is not the entry that the operator signed: the chain was written anew',
};

/** `thidua journal verify`: exit 0 when the chain is whole, 1 with every finding when it is not. */
export function journalCommands(program: Command, withApp: WithApp): void {
  const journal = program.command('journal').description('the journal of official acts');
  journal
    .command('verify')
    .description(
      'walk the whole hash chain and name every entry that was changed, removed, inserted or moved',
    )
    .action(async () =>
      withApp(async (app) => {
        const line = progressLine('entries');
        const { entries, head, findings } = await verifyJournal(app.get(DataSource), (checked) =>
          line(checked),
        );
        for (const { id, code } of findings) say(`entry ${id}: ${code} - ${WORDS[code]}`);
        if (findings.length > 0)
          throw new CommandFailed(`The journal is NOT whole: ${findings.length} findings.`);
        say(`The journal is whole: ${entries} entries, head ${head}`);
      }),
    );
}
