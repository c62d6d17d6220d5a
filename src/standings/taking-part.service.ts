import { Injectable, NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { InputError } from '../platform/http/input-error.js';
import { addDays } from '../rules/calendar/day.js';
import { boardOf, publicationsOf, type Board } from './board-acts.queries.js';
import { needed, within } from './needed.js';

interface Order {
  readonly slug: string;
  readonly officer: number | null;
}

export interface Exempt extends Order {
  readonly unitId: number;
  readonly indicator: string;
  readonly evidence: string;
}

export interface Leave extends Order {
  readonly unitId: number;
  /** The last day it takes part. */
  readonly lastOn: string;
  readonly decisionRef: string;
  readonly reason: string;
}

/** Who is judged by what: a unit without such a procedure is exempt from an indicator, a unit leaves the campaign. */
@Injectable()
export class TakingPart {
  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
  ) {}

  async exempt(tx: EntityManager, { slug, unitId, indicator, evidence, officer }: Exempt): Promise<number> {
    const board = await this.open(tx, slug);
    const wrong = needed({ indicator, evidence });
    if (wrong.length > 0) throw new InputError(wrong);
    const [row] = await tx.query<{ id: number }[]>(
      `insert into exemption (indicator_id, unit_id, evidence, granted_at, granted_by)
       select i.id, p.unit_id, $4, $5, $6 from indicator i join participation p on p.campaign_id = i.campaign_id and p.unit_id = $2
        where i.campaign_id = $1 and i.code = $3
          and not exists (select from exemption e where e.indicator_id = i.id and e.unit_id = p.unit_id and e.withdrawn_at is null)
       returning id`,
      [board.campaignId, unitId, indicator, evidence, this.clock.now(), officer],
    );
    if (!row)
      throw new InputError([
        { field: 'indicator', code: 'standings.finding.exemptAlready', got: indicator, expected: unitId },
      ]);
    await this.note(tx, slug, officer, 'exemption.granted', { unit: unitId, indicator });
    return row.id;
  }

  /** The figure counts again from now on; what was published before stays as it was known then. */
  async withdraw(
    tx: EntityManager,
    { slug, id, reason, officer }: Order & { readonly id: number; readonly reason: string },
  ): Promise<void> {
    const board = await this.open(tx, slug);
    if (!reason) throw new InputError(needed({ reason }));
    const [rows] = await tx.query<[{ id: number }[], number]>(
      `update exemption e set withdrawn_at = $3, withdrawn_by = $4 from indicator i
        where i.id = e.indicator_id and e.id = $1 and i.campaign_id = $2 and e.withdrawn_at is null returning e.id`,
      [id, board.campaignId, this.clock.now(), officer],
    );
    if (!rows[0]) throw new NotFoundException();
    await this.note(tx, slug, officer, 'exemption.withdrawn', { id, reason });
  }

  /** From the day after `lastOn` the unit has no place. Days that were published already stay as they were announced. */
  async leave(
    tx: EntityManager,
    { slug, unitId, lastOn, decisionRef, reason, officer }: Leave,
  ): Promise<void> {
    const board = await this.open(tx, slug);
    const wrong = [...needed({ decisionRef, reason }), ...within(board, 'lastOn', lastOn)];
    if (wrong.length > 0) throw new InputError(wrong);
    const [published] = await publicationsOf(tx, slug);
    if (published && published.as_of > lastOn)
      throw new InputError([
        { field: 'lastOn', code: 'standings.finding.publishedSince', got: lastOn, expected: published.as_of },
      ]);
    const [rows] = await tx.query<[{ id: number }[], number]>(
      `update participation set left_on = $3, left_decision = $4, left_reason = $5 where campaign_id = $1 and unit_id = $2 and left_on is null
          and (joined_on is null or joined_on <= $3::date - 1) returning id`,
      [board.campaignId, unitId, addDays(lastOn, 1), decisionRef, reason],
    );
    if (!rows[0])
      throw new InputError([{ field: 'unitId', code: 'standings.finding.notTakingPart', got: unitId }]);
    await this.note(tx, slug, officer, 'unit.left', { unit: unitId, lastOn, decisionRef, reason });
  }

  private async open(tx: EntityManager, slug: string): Promise<Board> {
    const board = await boardOf(tx, slug);
    if (!board) throw new NotFoundException();
    if (board.finalised) throw new InputError([{ code: 'standings.refusal.already-final' }]);
    return board;
  }

  private note(
    tx: EntityManager,
    slug: string,
    officer: number | null,
    act: string,
    facts: Record<string, string | number>,
  ) {
    return this.journal.record(tx, { officer, act, subject: `campaign/${slug}`, facts });
  }
}
