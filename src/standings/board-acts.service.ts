import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { refusalsOf, type BoardAct, type BoardRefusal } from '../rules/calendar/board.js';
import { boardDay } from '../rules/calendar/campaign.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';
import { boardOf, type Board } from './board-acts.queries.js';
import { Cuts } from './cuts.service.js';
import { cellObstacles } from './gate.js';
import { openWork, type Obstacle } from './gate.queries.js';
import { Publishing, type Published } from './publishing.service.js';

export interface ActOn {
  readonly slug: string;
  readonly reason: string;
  readonly officer: number | null;
}

/** Freeze, thaw and finalise. Freezing fixes one instant for all inputs: readings, decisions and rules alike. */
@Injectable()
export class BoardActs {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly cuts: Cuts,
    readonly publishing: Publishing,
  ) {}

  async freeze(tx: EntityManager, act: ActOn): Promise<void> {
    const board = await this.allowed(tx, act.slug, 'freeze');
    await tx.query('lock table reading in share mode');
    await this.record(tx, board, 'freeze', act);
  }

  async thaw(tx: EntityManager, act: ActOn): Promise<void> {
    await this.record(tx, await this.allowed(tx, act.slug, 'thaw'), 'thaw', act);
  }

  /** The final result: refused while anything is missing, undecided, disputed or impossible. */
  async finalise(tx: EntityManager, act: ActOn): Promise<Published> {
    const board = await this.allowed(tx, act.slug, 'finalise');
    const obstacles = await this.obstacles(tx, act.slug, board);
    if (obstacles.length > 0)
      throw new InputError(
        obstacles.map(({ code, n }) => ({
          field: 'finalise',
          code: `standings.obstacle.${code}`,
          got: n,
          expected: 0,
        })),
      );
    const published = await this.publishing.publish(tx, {
      slug: act.slug,
      kind: 'final',
      note: act.reason,
      on: board.endsOn,
      officer: act.officer,
    });
    await this.record(tx, board, 'finalise', act);
    return published;
  }

  /** Everything that stands in the way of the final result, as known now. */
  async obstacles(tx: EntityManager, slug: string, board: Board): Promise<Obstacle[]> {
    const cut = await this.cuts.asKnown(slug, { knownAt: this.clock.now() });
    return [...cellObstacles(cut), ...(await openWork(tx, board.campaignId))];
  }

  private async allowed(tx: EntityManager, slug: string, act: BoardAct): Promise<Board> {
    await tx.query('select 1 from campaign where slug = $1 for update', [slug]);
    const board = await boardOf(tx, slug);
    if (!board) throw new NotFoundException();
    const refusals: BoardRefusal[] = refusalsOf(act, board, this.clock.now());
    if (refusals.length > 0) throw new ConflictException(`standings.refusal.${refusals[0]}`);
    return board;
  }

  private async record(
    tx: EntityManager,
    board: Board,
    act: BoardAct,
    { slug, reason, officer }: ActOn,
  ): Promise<void> {
    const now = this.clock.now();
    const asOf = boardDay(board, now);
    await tx.query(
      'insert into board_act (campaign_id, act, as_of, reason, acted_at, acted_by) values ($1, $2, $3, $4, $5, $6)',
      [board.campaignId, act, asOf, reason, now, officer],
    );
    const done = { freeze: 'frozen', thaw: 'thawed', finalise: 'finalised' }[act];
    await this.journal.record(tx, {
      officer,
      act: `board.${done}`,
      subject: `campaign/${slug}`,
      facts: { asOf },
    });
  }
}
