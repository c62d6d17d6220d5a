import { DataSource } from 'typeorm';
import { createHash } from 'node:crypto';
import { readFile as readBytes } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { CommandFailed, say, type WithApp } from '../platform/command.js';
import type { Finding } from '../platform/http/input-error.js';
import type { DeliveryReport } from './delivery.js';
import { Derivation } from './derivation.service.js';
import { campaignBySlug } from '../campaigns/campaigns.queries.js';
import { indicatorsOf } from '../indicators/indicators.queries.js';
import { handIn, tableOf } from './file-import.service.js';
import { Intake } from './intake.service.js';
import type { NumberFormat } from './number-format.js';

interface ImportOptions {
  commit?: boolean;
  submit?: boolean;
  cumulative?: boolean;
  numbers?: NumberFormat;
  reason?: string;
}

export function readingCommands(program: Command, withApp: WithApp): void {
  const readings = program.command('readings').description('readings of the indicators of a campaign');
  readings
    .command('derive <campaign> <indicator> <promotion>')
    .description(
      'count the online payments of a promotion per unit and day, as readings of a counting indicator',
    )
    .action(async (slug: string, indicator: string, promotion: string) => {
      const order = { slug, indicator, promotion, officer: null };
      const { added, corrected, unchanged } = await withApp((app) =>
        app.get(Derivation, { strict: false }).payments(order),
      );
      say(`${added} new, ${corrected} corrected, ${unchanged} unchanged`);
    });
  readings
    .command('import <campaign> <file>')
    .description(
      'a CSV or XLSX of readings: date (or from,to), unit_code and/or unit, indicator, numerator, denominator (or value); says what it would do',
    )
    .option('--commit', 'take the readings in, if nothing has to be mended')
    .option('--submit', 'leave them to be approved (they count at once otherwise)')
    .option('--cumulative', 'the figures are running totals since the launch')
    .addOption(
      new Option('--numbers <format>', 'how numbers are written: vi 25.392,5 or en 25,392.5').choices([
        'vi',
        'en',
      ]),
    )
    .option('--reason <text>', 'why readings that stand already are changed')
    .action((slug: string, path: string, options: ImportOptions) =>
      importReadings(withApp, slug, path, options),
    );
}

async function importReadings(
  withApp: WithApp,
  slug: string,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const bytes = await readBytes(path);
  const table = await tableOf(bytes);
  const file = { name: basename(path), sha256: createHash('sha256').update(bytes).digest('hex') };
  const { commit = false, submit, cumulative, numbers, reason } = options;
  const began = performance.now();
  const report = await withApp(async (app) => {
    const db = app.get(DataSource);
    const rules = (await campaignBySlug(db, slug))?.rulesVersionId;
    return handIn(app.get(Intake, { strict: false }), table, rules ? await indicatorsOf(db, rules) : [], {
      slug,
      source: 'file',
      format: numbers,
      cumulative,
      reason,
      approve: submit !== true,
      pastLock: true,
      commit,
      officer: null,
      allowed: null,
      file,
    });
  });
  say(summary(report, (performance.now() - began) / 1000));
  conclude(report.findings, report.warnings, report.committed);
}

const summary = ({ rows, added, corrected, unchanged, format }: DeliveryReport, seconds: number) =>
  `${rows} rows, numbers ${format ?? 'unknown'}: ${added} new, ${corrected} corrected, ${unchanged} unchanged (${seconds.toFixed(1)} s)`;

function conclude(findings: readonly Finding[], warnings: readonly Finding[], committed: boolean): void {
  show('', findings);
  show('warning ', warnings);
  if (findings.length > 0) throw new CommandFailed(`${findings.length} findings; nothing was taken in`);
  say(committed ? 'Taken in.' : 'Nothing was changed: a dry run. Add --commit to take the readings in.');
}

function show(kind: string, findings: readonly Finding[]): void {
  for (const { row, column, code, got, expected } of findings.slice(0, 100))
    say(
      `${kind}row ${row ?? ''}\t${column ?? ''}\t${code}\tgot: ${String(got)}\texpected: ${String(expected)}`,
    );
  if (findings.length > 100) say(`… and ${findings.length - 100} more`);
}
