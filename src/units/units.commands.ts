import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { DataSource } from 'typeorm';
import { CommandFailed, say, type WithApp } from '../platform/command.js';
import type { Finding } from '../platform/http/input-error.js';
import { SuccessionImporter } from './succession-import.js';
import { UnitImporter } from './unit-import.js';
import { searchOn } from './unit.queries.js';

interface ImportOptions {
  validFrom?: string;
  on?: string;
  reform?: boolean;
  complete?: boolean;
  dryRun?: boolean;
  legalBasis?: string;
}

export function unitCommands(program: Command, withApp: WithApp): void {
  const units = program
    .command('units')
    .description('provinces, districts, communes and departments through time');
  units
    .command('import <file>')
    .description(
      'a list (code,level,type,…,full_name,…,parent_code) true on one day, or a history with valid_from and valid_to',
    )
    .option('--valid-from <day>', 'the day the list is true on, for example 2022-10-01')
    .option('--reform', 'every unit of before ends on that day and every row begins a new one')
    .option('--complete', 'the list is whole: a unit it does not name ends on that day')
    .option('--legal-basis <text>', 'the decision behind the list')
    .option('--dry-run', 'say what would happen and change nothing')
    .action((file: string, options: ImportOptions) => importUnits(withApp, file, options));
  units
    .command('successors <file>')
    .description('a table old_code -> new_code of mergers and splits; import the lists of both sides first')
    .option('--on <day>', 'the day the new units began; without it, the last day of each old unit')
    .option('--legal-basis <text>', 'the decision behind the table')
    .option('--dry-run', 'say what would happen and change nothing')
    .action((file: string, options: ImportOptions) => importSuccessors(withApp, file, options));
  units
    .command('find <text>')
    .description('units by code or name, typed with or without marks')
    .requiredOption('--on <day>', 'the day whose tree is meant, for example 2022-06-01')
    .action((text: string, { on }: { on: string }) =>
      withApp(async (app) => {
        const hits = await searchOn(app.get(DataSource), text, on, null);
        for (const { code, fullName, parentName } of hits)
          say(`${code.padEnd(6)} ${fullName}${parentName ? `, ${parentName}` : ''}`);
        if (hits.length === 0) throw new CommandFailed(`no unit "${text}" on ${on}`);
      }),
    );
}

async function importUnits(withApp: WithApp, path: string, options: ImportOptions): Promise<void> {
  const { validFrom, reform, complete, legalBasis } = options;
  const commit = options.dryRun !== true;
  const order = {
    file: await readFile(path),
    validFrom,
    reform,
    complete,
    legalBasis,
    commit,
    officer: null,
  };
  const report = await withApp((app) => app.get(UnitImporter, { strict: false }).import(order));
  const { rows, newUnits, addedVersions, movedVersions, unchanged, findings } = report;
  say(
    `${rows} rows: ${newUnits} new units, ${addedVersions} new versions, ${movedVersions} versions moved, ${unchanged} unchanged`,
  );
  conclude(findings, commit);
}

async function importSuccessors(
  withApp: WithApp,
  path: string,
  { on, dryRun, legalBasis }: ImportOptions,
): Promise<void> {
  const order = { file: await readFile(path), on, legalBasis, commit: dryRun !== true, officer: null };
  const report = await withApp((app) => app.get(SuccessionImporter, { strict: false }).import(order));
  const { rows, added, unchanged, carriedOn, unresolved, levelRemoved, findings } = report;
  say(
    `${rows} rows: ${added} successions new, ${unchanged} known, ${levelRemoved} of them levels removed, ` +
      `${carriedOn} units carried on, ${unresolved} rows without a successor`,
  );
  conclude(findings, order.commit);
}

/** Findings one to a line, made to be read and to be cut into columns. */
export function conclude(findings: readonly Finding[], commit: boolean): void {
  for (const { row, column, code, got, expected } of findings.slice(0, 200))
    say(`row ${row ?? ''}\t${column ?? ''}\t${code}\tgot: ${String(got)}\texpected: ${String(expected)}`);
  if (findings.length > 200) say(`… and ${findings.length - 200} more findings`);
  if (findings.length > 0) throw new CommandFailed(`${findings.length} findings; nothing was imported`);
  say(commit ? 'Imported.' : 'Nothing was changed: a dry run.');
}
