import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Intake } from '../entries/intake.service.js';
import { PromotionPlans } from '../entries/promotion-plans.service.js';
import { Promotions } from '../entries/promotions.service.js';
import { TermsOffice } from '../entries/terms.service.js';
import { Batches } from '../payments/batches.service.js';
import { at } from './at.js';
import { officerId } from './officer-ids.js';
import { type PaymentFile, paymentFiles } from './payment-files.js';
import { PROMOTION, promotionPlan } from './promotion-plan.js';
import { unitIds } from './units-step.js';

/** The campaign, its periods, how its codes are written, and its terms, published before the first day. */
export async function makePromotion(app: INestApplicationContext, tx: EntityManager): Promise<void> {
  const officer = await officerId(tx, 'to-chuc');
  const ids = await unitIds(tx);
  await at(app, '2022-07-20T02:00:00Z', async () => {
    const plan = promotionPlan(ids('24'));
    const { id } = await app.get(PromotionPlans, { strict: false }).make(tx, plan, officer);
    const undecided = { ref: null, decidedOn: null, reason: null };
    await app.get(TermsOffice, { strict: false }).publish(tx, id, undecided, officer);
  });
}

let made: PaymentFile[] | undefined;
const allFiles = () => (made ??= paymentFiles());

/** Months of payments, each when it came in. */
export function importPayments(...months: string[]) {
  return async (app: INestApplicationContext): Promise<void> => {
    for (const file of allFiles().filter(({ name }) => months.some((month) => name.includes(month))))
      await at(app, file.receivedAt, () => importFile(app, file));
  };
}

/** Also after a crash: a batch that came in is taken up where it is, and one that is done is left. */
async function importFile(app: INestApplicationContext, { name, content }: PaymentFile): Promise<void> {
  const db = app.get(DataSource);
  const batches = app.get(Batches, { strict: false });
  const officer = await officerId(db.manager, 'ngan-hang');
  const promotion = await app.get(Promotions, { strict: false }).bySlug(PROMOTION);
  const file = await batches.receive(Readable.from([Buffer.from(content)]), name);
  const sender = {
    promotionId: promotion.id,
    profile: 'portal',
    via: 'command',
    officerId: officer,
  } as const;
  const batchId =
    (await batchOf(db, promotion.id, file.sha256)) ??
    (await db.transaction((tx) => batches.register(tx, file, sender)));
  for (;;) {
    await app.get(Intake, { strict: false }).run(batchId);
    const [batch] = await db.query<{ state: string; fault: unknown }[]>(
      'select state, fault from import_batch where id = $1',
      [batchId],
    );
    if (batch?.state === 'done') return;
    if (batch?.state !== 'waiting' && batch?.state !== 'running')
      throw new Error(`${name}: ${String(batch?.state)} ${JSON.stringify(batch?.fault)}`);
    // Another process took it up after a crash: it finishes, or leaves it waiting.
    await pause(200);
  }
}

async function batchOf(db: DataSource, promotionId: number, sha256: Buffer): Promise<number | undefined> {
  const [batch] = await db.query<{ id: number }[]>(
    `select id from import_batch where promotion_id = $1 and file_sha256 = $2 and state in ('waiting', 'running', 'done')`,
    [promotionId, sha256],
  );
  return batch?.id;
}
