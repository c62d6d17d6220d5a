import { ForbiddenException, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { InputError } from '../platform/http/input-error.js';
import { mayDecide, waitingByIds, type Waiting } from './approvals.queries.js';
import { ReadingStore } from './reading-store.service.js';

export interface Decision {
  readonly readings: readonly number[];
  readonly verdict: 'approve' | 'return';
  readonly reason: string;
}

/** Readings that wait become readings that count, or go back with a reason. Nobody decides on figures of their own. */
@Injectable()
export class Approvals {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly store: ReadingStore,
  ) {}

  /** @returns how many readings moved on. */
  async decide(
    tx: EntityManager,
    campaign: Campaign,
    officer: Officer,
    { readings, verdict, reason }: Decision,
  ): Promise<number> {
    if (verdict === 'return' && !reason.trim())
      throw new InputError([
        {
          field: 'reason',
          code: 'readings.findings.reason-missing',
          got: '',
          expected: 'tử số gồm cả hồ sơ trực tiếp',
        },
      ]);
    await tx.query('select 1 from campaign where id = $1 for no key update', [campaign.id]);
    const waiting = await waitingByIds(tx, campaign.id, readings);
    if (waiting.length === 0)
      throw new InputError([
        { field: 'reading', code: 'readings.findings.nothing-waiting', got: readings.length, expected: 1 },
      ]);
    if (waiting.some(({ recordedBy }) => recordedBy === officer.id))
      throw new InputError([
        { field: 'reading', code: 'readings.findings.own-reading', got: officer.login, expected: '' },
      ]);
    for (const unitId of new Set(waiting.map((one) => one.unitId)))
      if (!(await mayDecide(tx, campaign, officer.id, unitId, waiting)))
        throw new ForbiddenException('officers.refusals.noRight');
    const state = verdict === 'return' ? 'returned' : await this.nextState(tx, campaign, officer, waiting);
    await this.mark(tx, waiting, state, officer.id, reason.trim() || null);
    const facts = { readings: waiting.length, state };
    await this.journal.record(tx, {
      officer: officer.id,
      act: `readings.${state}`,
      subject: `campaign/${campaign.slug}/readings`,
      facts,
    });
    if (state === 'approved') await this.store.tell(tx, campaign.id, null, waiting);
    return waiting.length;
  }

  /** Two steps: the unit above checks, the organiser approves; an organiser may do both at once. */
  private async nextState(
    tx: EntityManager,
    campaign: Campaign,
    officer: Officer,
    waiting: readonly Waiting[],
  ): Promise<'checked' | 'approved'> {
    for (const { unitId } of waiting)
      if (!(await mayDecide(tx, { ...campaign, approvalSteps: 1 }, officer.id, unitId, waiting)))
        return 'checked';
    return 'approved';
  }

  private async mark(
    tx: EntityManager,
    waiting: readonly Waiting[],
    state: 'checked' | 'approved' | 'returned',
    officerId: number,
    reason: string | null,
  ) {
    const ids = waiting.map(({ id }) => id);
    const now = this.clock.now();
    if (state === 'approved')
      await tx.query(
        `update reading r set replaced_at = $2 from reading n
          where n.id = any($1) and r.indicator_id = n.indicator_id and r.unit_id = n.unit_id and r.from_on = n.from_on and r.to_on = n.to_on
            and (r.source = 'derived') = (n.source = 'derived') and r.approved_at is not null and r.replaced_at is null`,
        [ids, now],
      );
    await tx.query('update reading set state = $2, approved_at = $3 where id = any($1)', [
      ids,
      state,
      state === 'approved' ? now : null,
    ]);
    await tx.query(
      `insert into reading_mark (reading_id, state, marked_at, marked_by, reason) select unnest($1::bigint[]), $2, $3, $4, $5`,
      [ids, state, now, officerId, reason],
    );
  }
}
