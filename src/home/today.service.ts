import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { campaigns, type Campaign } from '../campaigns/campaigns.queries.js';
import { daysAfter } from '../indicators/copied-plan.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { waitingCount } from '../readings/approvals.queries.js';
import { owedBy, returnedTo, type Returned } from '../readings/grid.queries.js';
import { lockedBefore } from '../readings/lock.js';
import { unitsReached } from '../readings/reach.queries.js';
import { Sights } from '../standings/sight.service.js';
import { standingOf, type OwnStanding } from './own-standing.js';

/** What an officer has to do today in one campaign, and where the own unit stands. */
export interface Today {
  readonly campaign: Campaign;
  readonly dayNumber: number;
  readonly days: number;
  readonly over: boolean;
  readonly unitId: number;
  /** The last day whose figures may be in. */
  readonly until: string;
  /** Days with figures still owed by the own unit, the newest first. */
  readonly due: readonly { readonly day: string; readonly missing: number }[];
  readonly below: number;
  readonly returned: readonly Returned[];
  readonly waiting: number;
  readonly standing: OwnStanding | null;
}

/** Reads a reporter's day: what is due, what came back, where the unit stands, what would move it. */
@Injectable()
export class TodayWork {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly sights: Sights,
  ) {}

  async of(officer: Officer): Promise<Today[]> {
    if (!officer.roles.some(({ role }) => role === 'reporter')) return [];
    const now = this.clock.now();
    const today = localDate(now);
    const open = (await campaigns(this.db, false)).filter(
      (one) =>
        one.kind !== 'promotion' &&
        one.rulesVersionId !== null &&
        one.startsOn <= today &&
        today <= daysAfter(one.endsOn, one.lockAfterDays),
    );
    const work = [];
    for (const campaign of open) work.push(await this.in(campaign, officer, today));
    return work.flatMap((one) => one ?? []);
  }

  private async in(campaign: Campaign, officer: Officer, today: string): Promise<Today | null> {
    const reached = await unitsReached(this.db, officer.id, ['reporter'], campaign);
    const [head] = reached;
    if (!head) return null;
    const yesterday = daysAfter(today, -1);
    const until = yesterday < campaign.endsOn ? yesterday : campaign.endsOn;
    const unlocked = lockedBefore(campaign, this.clock.now());
    const from = unlocked > campaign.startsOn ? unlocked : campaign.startsOn;
    const ids = reached.map(({ unitId }) => unitId);
    const owed = await owedBy(this.db, campaign, ids, from, until);
    return {
      campaign,
      dayNumber: dayNumber(campaign.startsOn, today < campaign.endsOn ? today : campaign.endsOn),
      days: dayNumber(campaign.startsOn, campaign.endsOn),
      over: today > campaign.endsOn,
      unitId: head.unitId,
      until,
      due: owed.filter(({ unitId }) => unitId === head.unitId).toReversed(),
      below: owed
        .filter(({ unitId, day }) => unitId !== head.unitId && day === until)
        .reduce((sum, { missing }) => sum + missing, 0),
      returned: await returnedTo(this.db, campaign.id, ids),
      waiting: await waitingCount(this.db, campaign.id, ids),
      standing: standingOf(await this.sights.see(campaign.slug, {}, officer), head.unitId),
    };
  }
}

const dayNumber = (first: string, day: string) => (Date.parse(day) - Date.parse(first)) / 86_400_000 + 1;
