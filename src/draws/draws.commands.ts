import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { DataSource } from 'typeorm';
import { commitmentOf } from '../rules/draw/digest.js';
import { CommandFailed, progressLine, say, type WithApp } from '../platform/command.js';
import { InputError } from '../platform/http/input-error.js';
import { Messages } from '../platform/http/messages.js';
import { Bundles } from './bundle.service.js';
import { documentOf, drawBySlug } from './draw.queries.js';
import { Freezing } from './freeze.service.js';
import { frozenOf } from './frozen.queries.js';
import type { Actor } from './office.service.js';
import { Drawing } from './result.service.js';

const PASSWORD = 'THIDUA_PASSWORD';

/** `thidua draw freeze|run|seal|export`: the same acts as in the control room, signed by the same officers. */
export function drawCommands(program: Command, withApp: WithApp): void {
  const draw = program.command('draw').description('the draws: close a list, draw, export what proves it');
  const signed = (name: string, about: string) =>
    draw
      .command(name)
      .description(about)
      .argument('<draw>', 'for example bac-giang-2022/ky-2')
      .requiredOption('--officer <login>', `who does it; the password is asked for, or read from ${PASSWORD}`)
      .option('--code <digits>', 'the code of the telephone, when the officer has one');

  signed('freeze', 'close the list of codes and sign its checkpoint').action(
    (slug: string, options: Signed) =>
      withApp(async (app) => {
        const [officer, signature] = [await officerOf(app, options.officer), await signatureOf(options)];
        await inWords(app, () => app.get(Freezing).freeze(slug, officer, signature));
        const tx = app.get(DataSource).manager;
        const { size, root } = (await frozenOf(tx, (await drawBySlug(tx, slug)).id))!;
        say(`${slug}: ${size} codes are frozen, root ${root}`);
      }),
  );
  signed('run', 'draw, once all sources have spoken').action((slug: string, options: Signed) =>
    withApp(async (app) => {
      const [officer, signature] = [await officerOf(app, options.officer), await signatureOf(options)];
      await inWords(app, () => app.get(Drawing).draw(slug, officer, signature));
      const tx = app.get(DataSource).manager;
      const result = (await documentOf(tx, (await drawBySlug(tx, slug)).id, 'result'))!;
      say(`${slug}: drawn, result ${result.hash}`);
    }),
  );
  sealCommand(draw);
  draw
    .command('export')
    .description('write everything that is public of a draw into a folder, for thidua verify')
    .argument('<draw>', 'for example bac-giang-2022/ky-1')
    .argument('<folder>', 'made when it is not there')
    .action((slug: string, folder: string) => withApp((app) => exported(app, slug, folder)));
}

/** For a machine that needs neither network nor database. */
function sealCommand(draw: Command): void {
  draw
    .command('seal')
    .description(
      'for a party to a draw: make a secret, print its seal to hand in and the secret to keep until the day',
    )
    .argument('<draw>', 'for example bac-giang-2022/ky-2')
    .argument('<source>', 'name of the source in the plan, for example sealed')
    .action((slug: string, source: string) => {
      const secret = randomBytes(32);
      say(`seal to hand in    ${commitmentOf(slug, source, secret)}`);
      say(`secret to keep     ${secret.toString('hex')}`);
      say(
        'Write the secret down twice and show it to nobody before the draw: without it there is no result.',
      );
    });
}

interface Signed {
  officer: string;
  code?: string;
}

async function exported(app: INestApplicationContext, slug: string, folder: string): Promise<void> {
  const bundles = app.get(Bundles);
  const files = await bundles.files(slug);
  const progress = progressLine('writing bytes');
  let bytes = 0;
  await bundles.writeTo(folder, files);
  for (const content of files.values()) progress((bytes += content.length));
  say(`${slug}: ${files.size} files, ${bytes} bytes in ${folder}`);
  if (!files.has('result.json')) say('The result is not published yet, so it is not among them.');
}

async function officerOf(app: INestApplicationContext, login: string): Promise<Actor> {
  const [officer] = await app.get(DataSource).query<Actor[]>(
    `select o.id, o.organisation_id as "organisationId", n.name as organisation
     from officer o join organisation n on n.id = o.organisation_id where o.login = $1 and o.disabled_at is null`,
    [login],
  );
  if (!officer) throw new CommandFailed(`There is no officer ${login}.`, 2);
  return officer;
}

async function signatureOf({ code }: Signed) {
  const given = process.env[PASSWORD];
  if (given !== undefined) return { password: given, code };
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const password = await terminal.question('Password: ').finally(() => terminal.close());
  return { password, code };
}

/** What is missing, one line each, instead of a stack of calls. */
async function inWords<T>(app: INestApplicationContext, work: () => Promise<T>): Promise<T> {
  return work().catch((fault: unknown) => {
    if (!(fault instanceof InputError)) throw fault;
    const messages = app.get(Messages);
    const lines = fault.findings.map(({ code, got, expected }) =>
      messages.has(code)
        ? messages.text(code, 'en', { got: String(got ?? ''), expected: String(expected ?? '') })
        : code,
    );
    throw new CommandFailed(lines.join('\n'));
  });
}
