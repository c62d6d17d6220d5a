import type { Command } from 'commander';
import { DataSource } from 'typeorm';
import { Batches } from '../payments/batches.service.js';
import { CommandFailed, progressLine, say, type WithApp } from '../platform/command.js';
import { Messages } from '../platform/http/messages.js';
import { findingText } from '../platform/http/template-functions.js';
import { InputError } from '../platform/http/input-error.js';
import { KeyRotation } from './key-rotation.service.js';
import { Intake } from './intake.service.js';
import { Promotions } from './promotions.service.js';
import { forgetPeople } from './retention.command.js';

export function paymentCommands(program: Command, withApp: WithApp): void {
  const payments = program
    .command('payments')
    .description('payments of a promotion, and the lucky codes they earn');
  payments
    .command('import <promotion> <file>')
    .description('import a file of payments (CSV or XLSX) into the promotion with this slug')
    .option('--profile <code>', 'how the file is read: portal, vietcombank, bidv', 'portal')
    .action((promotion: string, file: string, options: { profile: string }) =>
      importPayments(withApp, promotion, file, options.profile),
    );
  payments
    .command('forget <promotion>')
    .description('take away what is known of people once a promotion is over and the time to keep it is past')
    .option('--yes', 'do it; without, only say what would go')
    .action((promotion: string, { yes }: { yes?: boolean }) =>
      forgetPeople(withApp, promotion, yes === true),
    );
  program
    .command('keys')
    .description('the keys that personal data are sealed with')
    .command('rotate')
    .description('seal everything anew under the first key of DATA_KEYS; go on where it was interrupted')
    .action(() => rotateKeys(withApp));
}

async function rotateKeys(withApp: WithApp): Promise<void> {
  await withApp(async (app) => {
    const show = progressLine('sealed anew');
    const { resealed, spare } = await app.get(KeyRotation, { strict: false }).rotate((done) => show(done));
    say(
      `${resealed} sealed anew. ` +
        (spare.length === 0
          ? 'There is no older key.'
          : `Nothing needs ${spare.join(', ')} any more: take it out of DATA_KEYS, and keep it with backups made before.`),
    );
  });
}

async function importPayments(withApp: WithApp, slug: string, path: string, profile: string): Promise<void> {
  await withApp(async (app) => {
    const get = <T>(token: abstract new (...args: never[]) => T): T =>
      app.get(token as never, { strict: false });
    const db = get(DataSource);
    const promotion = await get(Promotions).bySlug(slug);
    const batches = get(Batches);
    try {
      const file = await batches.receiveFile(path);
      const sender = { promotionId: promotion.id, profile, via: 'command' as const, officerId: null };
      const batchId = await db.transaction((tx) => batches.register(tx, file, sender));
      const show = progressLine('bytes read', 2 * file.bytes);
      await get(Intake).run(batchId, (read) => show(read));
      await tell(db, batchId);
    } catch (fault) {
      if (!(fault instanceof InputError)) throw fault;
      throw new CommandFailed(
        fault.findings.map((found) => findingText(get(Messages), 'en', found)).join('\n'),
      );
    }
  });
}

interface Outcome {
  state: string;
  fault: { code: string; facts?: Record<string, unknown> } | null;
  received: number;
  eligible: number;
  refused: number;
  quarantined: number;
  duplicate: number;
  conflicting: number;
  entries: number;
  seconds: number;
}

async function tell(db: DataSource, batchId: number): Promise<void> {
  const [batch] = await db.query<Outcome[]>(
    `select *, extract(epoch from finished_at - started_at)::float8 as seconds from import_batch where id = $1`,
    [batchId],
  );
  if (batch?.state !== 'done')
    throw new CommandFailed(
      `batch ${batchId} ${String(batch?.state)}: ${String(batch?.fault?.code)} ${JSON.stringify(batch?.fault?.facts ?? {})}`,
    );
  const { received, eligible, refused, quarantined, duplicate, conflicting, entries } = batch;
  say(
    `batch ${batchId}: received ${received} = eligible ${eligible} + refused ${refused} + quarantined ${quarantined} + duplicate ${duplicate}; ` +
      `${entries} codes issued${conflicting > 0 ? `; ${conflicting} of the quarantined contradict a payment we have` : ''}`,
  );
}
