import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { daysAfter } from '../indicators/copied-plan.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { localDate } from '../platform/http/format.js';
import { InputError, type Finding } from '../platform/http/input-error.js';

export interface Reopening {
  /** Empty: every unit of the campaign. */
  readonly units: readonly number[];
  readonly firstOn: string;
  readonly lastOn: string;
  /** The last day on which figures may come. */
  readonly openUntil: string;
  readonly reason: string;
}

export interface OpenException {
  readonly fullName: string | null;
  readonly fromOn: string;
  readonly toOn: string;
  readonly openUntil: Date;
  readonly reason: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Days that may be reported after the lock, for one unit or for all at once. */
@Injectable()
export class LockExceptions {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async grant(
    tx: EntityManager,
    campaign: Campaign,
    officer: Officer,
    { units, firstOn, lastOn, openUntil, reason }: Reopening,
  ): Promise<void> {
    const today = localDate(this.clock.now());
    const findings: Finding[] = [];
    const fault = (field: string, code: string, got: string, expected: string) =>
      findings.push({ field, code: `readings.findings.${code}`, got, expected });
    if (!DAY.test(firstOn) || firstOn < campaign.startsOn)
      fault('firstOn', 'day-outside', firstOn, `≥ ${campaign.startsOn}`);
    if (!DAY.test(lastOn) || lastOn < firstOn || lastOn > campaign.endsOn)
      fault('lastOn', 'day-outside', lastOn, `${firstOn} … ${campaign.endsOn}`);
    if (!DAY.test(openUntil) || openUntil < today) fault('openUntil', 'day-past', openUntil, `≥ ${today}`);
    if (!reason) fault('reason', 'reason-missing', '', 'mất mạng từ 12/6');
    if (findings.length > 0) throw new InputError(findings);
    await tx.query(
      `insert into lock_exception (campaign_id, unit_id, from_on, to_on, open_until, reason, granted_at, granted_by)
       select $1, u, $3, $4, ($5::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh', $6, $7, $8 from unnest($2::int[]) u`,
      [
        campaign.id,
        units.length > 0 ? units : [null],
        firstOn,
        daysAfter(lastOn, 1),
        openUntil,
        reason,
        this.clock.now(),
        officer.id,
      ],
    );
    const facts = { units: units.length || 'all', firstOn, lastOn, openUntil };
    await this.journal.record(tx, {
      officer: officer.id,
      act: 'readings.reopened',
      subject: `campaign/${campaign.slug}`,
      facts,
    });
  }

  open(tx: EntityManager, campaign: Campaign): Promise<OpenException[]> {
    return tx.query(
      `select u.full_name as "fullName", e.from_on as "fromOn", e.to_on - 1 as "toOn", e.open_until as "openUntil", e.reason
         from lock_exception e left join unit_version u on u.unit_id = e.unit_id and daterange(u.valid_from, u.valid_to) @> e.to_on - 1
        where e.campaign_id = $1 and e.open_until > $2 order by e.granted_at desc limit 50`,
      [campaign.id, this.clock.now()],
    );
  }

  /** The last day whose figures are expected by now: yesterday, or the campaign's last. */
  lastOn({ endsOn }: Pick<Campaign, 'endsOn'>): string {
    const yesterday = daysAfter(localDate(this.clock.now()), -1);
    return yesterday < endsOn ? yesterday : endsOn;
  }
}
