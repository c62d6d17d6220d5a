import { existsSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Batches } from '../payments/batches.service.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import {
  type Ending,
  endingOf,
  firstRemoval,
  type Remaining,
  remaining,
  removeAll,
} from './retention.queries.js';

export interface Removal {
  readonly ending: Ending;
  /** Why it may not be done yet; empty when it may. */
  readonly open: readonly string[];
  readonly remaining: Remaining & { readonly files: number };
  /** The entry of the journal when it was done before. */
  readonly first: { readonly id: number; readonly at: Date } | undefined;
  readonly done: boolean;
}

interface Held {
  readonly id: number;
  readonly file_sha256: Buffer;
}

/**
 * Takes away what is known of people once a promotion is over and the time to keep it is past. Codes, leaves, minutes and
 * winners stay: a draw verifies as before, and nobody is found by a personal number any more.
 */
@Injectable()
export class Retention {
  constructor(
    private readonly db: DataSource,
    private readonly batches: Batches,
    private readonly vault: Vault,
    private readonly journal: Journal,
  ) {}

  /** What there is; with `remove` takes it away, unless something is open or nothing is left. */
  async run(promotionId: number, clock: Clock, remove: boolean): Promise<Removal> {
    const removal = await this.db.transaction(async (tx) => {
      await tx.query('select from promotion where id = $1 for no key update', [promotionId]);
      const found = await this.found(tx, promotionId, clock.now());
      const left = Object.values(found.remaining).some((count) => count > 0);
      if (!remove || found.open.length > 0 || !left) return found;
      await removeAll(tx, promotionId, this.vault.seal(''));
      await this.journal.record(tx, {
        officer: null,
        act: 'personal-data.removed',
        subject: subjectOf(promotionId),
        facts: { ...found.remaining, keptMonths: found.ending.months },
      });
      return { ...found, done: true };
    });
    if (removal.done) await this.clean(promotionId);
    return removal;
  }

  private async found(tx: EntityManager, promotionId: number, now: Date): Promise<Removal> {
    const ending = await endingOf(tx, promotionId);
    const files = (await this.held(tx, promotionId)).length;
    return {
      ending,
      open: openIn(ending, now),
      remaining: { ...(await remaining(tx, promotionId)), files },
      first: await firstRemoval(tx, subjectOf(promotionId)),
      done: false,
    };
  }

  /** Files on this machine, and what the database still holds of rows that were changed. */
  private async clean(promotionId: number): Promise<void> {
    for (const { id } of await this.held(this.db.manager, promotionId)) await this.batches.forget(id);
    await this.db.query(
      'vacuum payer, payment, quarantined_row, batch_feed, payment_conflict, exclusion, draw_secret, objection',
    );
  }

  private async held(tx: EntityManager, promotionId: number): Promise<Held[]> {
    const batches = await tx.query<Held[]>(
      `select distinct on (file_sha256) id, file_sha256 from import_batch where promotion_id = $1`,
      [promotionId],
    );
    return batches.filter(({ file_sha256 }) => existsSync(this.batches.pathOf(file_sha256)));
  }
}

const subjectOf = (promotionId: number) => `promotion/${promotionId}`;

function openIn({ until, undrawn, unclaimed, waiting, undecided }: Ending, now: Date): string[] {
  const open: string[] = [];
  if (undrawn > 0) open.push(`${undrawn} draw periods without a published draw`);
  if (unclaimed > 0) open.push(`${unclaimed} prizes neither handed over nor given up`);
  if (waiting > 0) open.push(`${waiting} imports that wait or run`);
  if (undecided > 0) open.push(`${undecided} contradictions that nobody decided`);
  if (now < until) open.push(`personal data are kept until ${until.toISOString().slice(0, 10)}`);
  return open;
}
