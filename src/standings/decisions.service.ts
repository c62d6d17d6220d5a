import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { InputError, type Finding } from '../platform/http/input-error.js';
import { boardOf, type Board } from './board-acts.queries.js';
import { needed, within } from './needed.js';
import { TakingPart } from './taking-part.service.js';

export interface Exclude {
  readonly slug: string;
  readonly day: string;
  readonly reason: string;
  readonly decisionRef: string;
  readonly officer: number | null;
}

export interface Adjust {
  readonly slug: string;
  readonly unitId: number;
  /** Decimal text: `2` is a bonus, `-1.5` a penalty. */
  readonly points: string;
  readonly countsFrom: string;
  readonly reason: string;
  readonly decisionRef: string;
  readonly officer: number | null;
}

/** Days taken out and points given or taken, each by a numbered decision, each reversible; nothing is ever deleted. */
@Injectable()
export class Decisions {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    readonly takingPart: TakingPart,
  ) {}

  async excludeDay(tx: EntityManager, { slug, day, reason, decisionRef, officer }: Exclude): Promise<number> {
    const board = await this.open(tx, slug);
    const wrong = [...needed({ reason, decisionRef }), ...within(board, 'day', day)];
    if (wrong.length > 0) throw new InputError(wrong);
    const [row] = await tx.query<{ id: number }[]>(
      `insert into excluded_day (campaign_id, day, reason, decision_ref, decided_at, decided_by)
       select $1, $2, $3, $4, $5, $6
        where not exists (select from excluded_day where campaign_id = $1 and day = $2 and withdrawn_at is null) returning id`,
      [board.campaignId, day, reason, decisionRef, this.clock.now(), officer],
    );
    if (!row) throw new InputError([{ field: 'day', code: 'standings.finding.excludedAlready', got: day }]);
    await this.journal.record(tx, {
      officer,
      act: 'day.excluded',
      subject: `campaign/${slug}`,
      facts: { day, decisionRef },
    });
    return row.id;
  }

  async adjust(
    tx: EntityManager,
    { slug, unitId, points, countsFrom, reason, decisionRef, officer }: Adjust,
  ): Promise<number> {
    const board = await this.open(tx, slug);
    const wrong = [
      ...needed({ reason, decisionRef }),
      ...within(board, 'countsFrom', countsFrom),
      ...pointsWrong(points),
    ];
    if (wrong.length > 0) throw new InputError(wrong);
    const [row] = await tx.query<{ id: number }[]>(
      `insert into adjustment (campaign_id, unit_id, points, counts_from, reason, decision_ref, decided_at, decided_by)
       select $1, p.unit_id, $3, $4, $5, $6, $7, $8
         from campaign c, taking_part(c.id, c.ends_on) p where c.id = $1 and p.unit_id = $2 returning id`,
      [board.campaignId, unitId, points, countsFrom, reason, decisionRef, this.clock.now(), officer],
    );
    if (!row)
      throw new InputError([{ field: 'unitId', code: 'standings.finding.notTakingPart', got: unitId }]);
    const facts = { unit: unitId, points, countsFrom, decisionRef };
    await this.journal.record(tx, { officer, act: 'points.adjusted', subject: `campaign/${slug}`, facts });
    return row.id;
  }

  /** Puts a day back, or takes an adjustment back: it stops counting from now on, and stays on record. */
  async withdraw(
    tx: EntityManager,
    what: 'excluded_day' | 'adjustment',
    { slug, id, reason, officer }: { slug: string; id: number; reason: string; officer: number | null },
  ): Promise<void> {
    const board = await this.open(tx, slug);
    if (!reason) throw new InputError(needed({ reason }));
    const [rows] = await tx.query<[{ id: number }[], number]>(
      `update ${what} set withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
        where id = $1 and campaign_id = $2 and withdrawn_at is null returning id`,
      [id, board.campaignId, this.clock.now(), officer, reason],
    );
    if (!rows[0]) throw new NotFoundException();
    const act = what === 'adjustment' ? 'points.withdrawn' : 'day.restored';
    await this.journal.record(tx, { officer, act, subject: `campaign/${slug}`, facts: { id } });
  }

  /** A final result stands: nothing that would move it is decided any more. */
  private async open(tx: EntityManager, slug: string): Promise<Board> {
    const board = await boardOf(tx, slug);
    if (!board) throw new NotFoundException();
    if (board.finalised) throw new InputError([{ code: 'standings.refusal.already-final' }]);
    return board;
  }
}

const pointsWrong = (points: string): Finding[] =>
  /^-?\d{1,4}(\.\d{1,4})?$/.test(points) && Number(points) !== 0
    ? []
    : [{ field: 'points', code: 'standings.finding.points', got: points }];
