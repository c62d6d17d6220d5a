import { ConflictException, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import type { Profile } from '../payments/reading/profile.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import { ConflictReplacement } from './conflict-replacement.js';
import { addTally } from './issue/settle.js';
import type { AsideRow } from './issue/set-aside.js';

export interface OpenConflict {
  readonly id: number;
  readonly promotion_id: number;
  readonly batch_id: number;
  readonly row_number: number;
  readonly payment_id: number;
  readonly day: string;
  readonly period: number | null;
  readonly sealed: Buffer;
  readonly body: Profile;
}

/** Second arrivals that say something else: a person decides which word stands, with a reason. Nothing is overwritten. */
@Injectable()
export class Conflicts {
  constructor(
    private readonly replacement: ConflictReplacement,
    private readonly vault: Vault,
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async decide(
    tx: EntityManager,
    promotionId: number,
    id: number,
    decision: 'keep' | 'replace',
    reason: string,
    officerId: number,
  ): Promise<void> {
    const conflict = await open(tx, promotionId, id);
    const now = this.clock.now();
    await tx.query(
      'update payment_conflict set decision = $2, decided_at = $3, decided_by = $4, reason = $5 where id = $1',
      [id, decision, now, officerId, reason],
    );
    const changed =
      decision === 'replace'
        ? await this.replacement.put(tx, conflict, this.cells(conflict), officerId)
        : null;
    if (decision === 'keep')
      await addTally(
        tx,
        promotionId,
        conflict.batch_id,
        { ...NOTHING, day: conflict.day, period: conflict.period, quarantined: -1, duplicate: 1 },
        now,
      );
    await this.journal.record(tx, {
      officer: officerId,
      act: 'conflict.decided',
      subject: `batch/${conflict.batch_id}`,
      facts: {
        row: conflict.row_number,
        payment: conflict.payment_id,
        decision,
        reason,
        ...(changed && { voided: changed.voided, issued: changed.issued }),
      },
    });
  }

  private cells({ sealed }: OpenConflict): readonly string[] {
    return (JSON.parse(this.vault.open(sealed)) as AsideRow).cells;
  }
}

export const NOTHING = {
  received: 0,
  eligible: 0,
  refused: 0,
  quarantined: 0,
  duplicate: 0,
  amount: 0,
  issued: 0,
  voided: 0,
};

/** Locks the ledger, then the conflict. */
async function open(tx: EntityManager, promotionId: number, id: number): Promise<OpenConflict> {
  await tx.query('select from promotion where id = $1 for no key update', [promotionId]);
  const [conflict] = await tx.query<OpenConflict[]>(
    `select k.*, p.body from payment_conflict k join import_batch b on b.id = k.batch_id join import_profile p on p.code = b.profile
       where k.id = $1 and k.promotion_id = $2 and k.decision is null for update of k`,
    [id, promotionId],
  );
  if (!conflict) throw new ConflictException('payments.faults.decided');
  return conflict;
}
