import type { Command } from 'commander';
import { CommandFailed } from '../platform/command.js';
import type { Locale } from '../platform/http/format.js';
import { Messages } from '../platform/http/messages.js';
import type { Report } from '../rules/draw/judge/judge.js';
import { DEFAULT_MARGIN, type Trust, trustIn } from '../rules/draw/keys.js';
import { parseKey } from '../rules/merkle/note.js';
import { Unusable } from './archive.js';
import { nodeHash } from './counting.js';
import { countingEngine } from './counting-engine.js';
import { loadBundle } from './load.js';
import { NODE, openBundle } from './open-bundle.js';
import { progressBar } from './progress-bar.js';
import { reportText } from './report-text.js';
import { verifyFiles } from './verify.js';

interface Options {
  readonly key: string[];
  readonly witnesses?: string;
  readonly margin?: string;
  readonly json?: boolean;
  readonly lang: string;
}

/** `thidua verify`: exit 0 when sound, 1 with findings, 2 when there is nothing to judge. Needs neither network nor database. */
export function verifyCommand(program: Command): void {
  program
    .command('verify')
    .argument('<bundle>', 'folder or zip of a published draw')
    .description('recompute a published draw and report everything that differs')
    .option('--key <key>', 'public key you trust, as name+id+base64; may be given several times', collect, [])
    .option('--witnesses <number>', 'how many witnesses must have signed')
    .option('--margin <seconds>', 'time between the freeze and a beacon round')
    .option('--json', 'the report as JSON')
    .option('--lang <language>', 'vi or en', 'vi')
    .action(async (path: string, options: Options) => run(path, options));
}

const collect = (value: string, before: string[]) => [...before, value];

async function run(path: string, options: Options): Promise<void> {
  const locale: Locale = options.lang === 'en' ? 'en' : 'vi';
  const messages = new Messages();
  const trust = trustFrom(options);
  try {
    const report = await checked(path, trust, messages, locale);
    process.stdout.write(options.json ? `${reportJson(report)}\n` : reportText(report, messages, locale));
    if (report.findings.length > 0) throw new CommandFailed('', 1);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    const reason = messages.text(`verify.unusable.${error.code}`, locale);
    const words = messages.text('verify.command.unusable', locale, { reason, detail: error.detail });
    if (options.json)
      process.stdout.write(`${JSON.stringify({ unusable: error.code, detail: error.detail })}\n`);
    throw new CommandFailed(words, 2);
  }
}

async function checked(
  path: string,
  trust: Trust | undefined,
  messages: Messages,
  locale: Locale,
): Promise<Report> {
  const bar = progressBar((stage, n) => messages.text(`verify.progress.${stage}`, locale, { n }));
  const archive = await openBundle(path);
  const engine = countingEngine({ progress: bar });
  try {
    const progress = (done: number, total: number) => bar('reading', done, total);
    const files = await loadBundle(archive, NODE, { progress });
    return await verifyFiles(files, { engine, hash: nodeHash, ...(trust && { trust }) });
  } finally {
    bar('done', 1, 1);
    await Promise.all([archive.close(), engine.close()]);
  }
}

/** Keys and numbers the reader brings along; undefined when there are none. */
function trustFrom({ key, witnesses, margin }: Options): Trust | undefined {
  const numbers = [witnesses, margin].filter((text) => text !== undefined);
  const bad = numbers.find((text) => !/^[0-9]{1,9}$/.test(text));
  if (bad !== undefined) throw new CommandFailed(`${bad}: wanted a whole number`, 2);
  if (key.length === 0) {
    if (numbers.length > 0) throw new CommandFailed('--witnesses and --margin go with --key', 2);
    return undefined;
  }
  const keys = key.map((text) => {
    const parsed = parseKey(text);
    if (!parsed) throw new CommandFailed(`${text}: wanted a key as name+id+base64`, 2);
    return parsed;
  });
  return trustIn(keys, Number(witnesses ?? 0), Number(margin ?? DEFAULT_MARGIN));
}

function reportJson({
  findings,
  counts,
  rules,
  rulesHash,
  size,
  root,
  results,
  freeze,
  ...report
}: Report): string {
  const { keysFrom, filesListed } = report;
  const draw = rules?.draw;
  const sound = findings.length === 0;
  const { witnesses } = freeze;
  const all = Object.fromEntries(counts);
  return JSON.stringify(
    { sound, draw, rulesHash, size, root, witnesses, keysFrom, filesListed, counts: all, findings, results },
    null,
    2,
  );
}
