import { readFile } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { CommandFailed, progressLine, say, type WithApp } from '../platform/command.js';
import type { Finding, Verification } from './verification.js';
import { Verifications } from './verifications.service.js';

const WORDS: Record<Finding['code'], string> = {
  changed: 'its content is not what its hash was made of: it was changed',
  parted: 'it does not continue the entry before it: one was inserted, removed, changed or moved here',
  missing: 'numbers are missing before it: entries were removed',
  head: 'the journal does not end where its head says: entries were removed or added at the end',
  checkpoint:
    'a signed checkpoint says otherwise, or its signature is not the operator’s: the chain was written anew',
};

/** `thidua journal verify`: exit 0 when the chain is whole, 1 with every finding when it is not. */
export function journalCommands(program: Command, withApp: WithApp): void {
  const journal = program.command('journal').description('the journal of official acts');
  journal
    .command('verify')
    .description(
      'walk the whole hash chain and name every entry that was changed, removed, inserted or moved',
    )
    .option('--checkpoint <file>', 'hold it also against a signed checkpoint that was kept elsewhere')
    .action(async (options: { checkpoint?: string }) => {
      const kept = options.checkpoint === undefined ? undefined : await readFile(options.checkpoint, 'utf8');
      await withApp((app) => verify(app, kept));
    });
  journal
    .command('checkpoint')
    .description('check the chain, and print a signed note of where it ends, to be kept elsewhere')
    .action(async () =>
      withApp(async (app) => {
        const { entries, head } = await verify(app, undefined, true);
        if (entries === 0) throw new CommandFailed('The journal is empty: there is nothing to sign yet.');
        process.stdout.write(await app.get(Verifications).sign(entries, head));
      }),
    );
}

async function verify(
  app: INestApplicationContext,
  kept: string | undefined,
  quiet = false,
): Promise<Verification> {
  const line = progressLine('entries');
  const verification = await app.get(Verifications).check((checked) => line(checked), kept);
  const { entries, head, findings } = verification;
  for (const { id, code } of findings) say(`entry ${id}: ${code} - ${WORDS[code]}`);
  if (findings.length > 0) throw new CommandFailed(`The journal is NOT whole: ${findings.length} findings.`);
  if (!quiet) say(`The journal is whole: ${entries} entries, head ${head}`);
  return verification;
}
