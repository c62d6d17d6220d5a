import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';
import { boardOf } from './board-acts.queries.js';
import { needed, within } from './needed.js';

/** Who may say that a figure of a unit is wrong. */
export const DISPUTERS = ['reporter', 'organiser', 'administrator'] as const;

export interface Objection {
  readonly id: number;
  readonly unit_id: number;
  readonly unit: string;
  readonly indicator: string;
  readonly name_vi: string;
  readonly name_en: string;
  readonly day: string;
  readonly reason: string;
  readonly raised_at: Date;
  readonly outcome: 'upheld' | 'rejected' | 'withdrawn' | null;
  readonly outcome_reason: string | null;
  readonly decided_at: Date | null;
}

export interface Raise {
  readonly slug: string;
  readonly unitId: number;
  readonly indicator: string;
  readonly day: string;
  readonly reason: string;
  readonly officer: number | null;
}

/** A unit says that a figure on the board is wrong. Until it is decided the cell says so, and nothing becomes final. */
@Injectable()
export class Objections {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async raise(tx: EntityManager, { slug, unitId, indicator, day, reason, officer }: Raise): Promise<number> {
    const board = await boardOf(tx, slug);
    if (!board) throw new NotFoundException();
    const wrong = [...needed({ indicator, reason }), ...within(board, 'day', day)];
    if (wrong.length > 0) throw new InputError(wrong);
    const [row] = await tx.query<{ id: number }[]>(
      `insert into figure_objection (campaign_id, unit_id, indicator_id, day, reason, raised_at, raised_by)
       select c.id, p.unit_id, i.id, $4, $5, $6, $7
         from campaign c join taking_part(c.id, c.ends_on) p on p.unit_id = $2
         join indicator i on i.campaign_id = c.id and i.code = $3
        where c.slug = $1 and $4::date between c.starts_on and c.ends_on
          and not exists (select from figure_objection o where o.campaign_id = c.id and o.unit_id = p.unit_id
                             and o.indicator_id = i.id and o.day = $4 and o.outcome is null)
       returning id`,
      [slug, unitId, indicator, day, reason, this.clock.now(), officer],
    );
    if (!row) throw new InputError([{ field: 'reason', code: 'standings.finding.objectionNotPossible' }]);
    const facts = { unit: unitId, indicator, day };
    await this.journal.record(tx, { officer, act: 'objection.raised', subject: `campaign/${slug}`, facts });
    return row.id;
  }

  async decide(
    tx: EntityManager,
    {
      slug,
      id,
      outcome,
      reason,
      officer,
    }: {
      slug: string;
      id: number;
      outcome: 'upheld' | 'rejected' | 'withdrawn';
      reason: string;
      officer: number | null;
    },
  ): Promise<void> {
    if (!reason) throw new InputError(needed({ reason }));
    const [rows] = await tx.query<[{ id: number }[], number]>(
      `update figure_objection o set outcome = $3, outcome_reason = $4, decided_at = $5, decided_by = $6
         from campaign c where c.id = o.campaign_id and c.slug = $1 and o.id = $2 and o.outcome is null returning o.id`,
      [slug, id, outcome, reason, this.clock.now(), officer],
    );
    if (!rows[0]) throw new NotFoundException();
    await this.journal.record(tx, {
      officer,
      act: 'objection.decided',
      subject: `campaign/${slug}`,
      facts: { id, outcome },
    });
  }

  /** Newest first, the open ones before all others. */
  of(slug: string, unitId: number | null = null): Promise<Objection[]> {
    return this.db.query(
      `select o.id, o.unit_id, u.full_name as unit, i.code as indicator, v.name_vi, v.name_en, o.day, o.reason, o.raised_at,
              o.outcome, o.outcome_reason, o.decided_at
         from figure_objection o join campaign c on c.id = o.campaign_id join indicator i on i.id = o.indicator_id
         join lateral (select name_vi, name_en from indicator_version where indicator_id = i.id order by id desc limit 1) v on true
         left join unit_version u on u.unit_id = o.unit_id and daterange(u.valid_from, u.valid_to) @> o.day
        where c.slug = $1 and ($2::int is null or o.unit_id = $2) order by o.outcome is not null, o.raised_at desc`,
      [slug, unitId],
    );
  }
}
