import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { boardState, isFrozen, type BoardState } from '../rules/calendar/board.js';
import { boardDay, dayCount, type DayCount } from '../rules/calendar/campaign.js';
import { addDays, numberOfDay } from '../rules/calendar/day.js';
import { Clock } from '../platform/clock.js';
import type { Officer } from '../platform/http/access.js';
import { boardOf, publicationsOf, type Board, type PublicationRow } from './board-acts.queries.js';
import type { Cut } from './cut.js';
import { Cuts } from './cuts.service.js';
import { disputedCells } from './disputed.queries.js';

/** What somebody asks to see of a campaign's standings. */
export interface Glance {
  readonly on?: string;
  /** The same as a number: day 1 is the first. */
  readonly day?: string;
  readonly knownAt?: string;
  readonly rules?: string;
  readonly tree?: string;
}

/** A cut and a day of it, as this reader may see them. */
export interface Sight {
  readonly cut: Cut;
  readonly board: Board;
  readonly state: BoardState;
  readonly count: DayCount;
  /** Counted from 0. */
  readonly day: number;
  readonly on: string;
  /** The last day there is to look at. */
  readonly lastOn: string;
  /** The reader sees the frozen board while officers see a newer one. */
  readonly frozen: boolean;
  /** The reader asked for an instant, rules or a tree of their own. */
  readonly special: boolean;
  readonly publications: readonly PublicationRow[];
}

/** Finds the cut a reader may see: what is known now, the frozen one, or one of the past. */
@Injectable()
export class Sights {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly cuts: Cuts,
  ) {}

  async see(slug: string, glance: Glance, officer?: Officer): Promise<Sight> {
    const board = await boardOf(this.db, slug);
    if (!board) throw new NotFoundException();
    const now = this.clock.now();
    const publications = await publicationsOf(this.db, slug);
    const frozen = isFrozen(board) && !officer;
    const limit = frozen && board.frozen ? board.frozen : now;
    const lastOn = frozen && board.frozenOn ? board.frozenOn : boardDay(board, now);
    const asked = instantOf(glance.knownAt, limit);
    const special = asked !== null || Boolean(glance.rules) || Boolean(glance.tree);
    const cut =
      special || frozen
        ? await this.cuts.asKnown(slug, {
            knownAt: asked ?? limit,
            rulesVersionId: await this.rulesVersion(board.campaignId, glance.rules),
            treeOn: dayText(glance.tree),
          })
        : await this.cuts.current(slug);
    const on = clamp(dayText(glance.on) ?? numbered(glance.day, board) ?? lastOn, board.startsOn, lastOn);
    return {
      cut,
      board,
      state: boardState(board, now),
      count: dayCount(board, now),
      day: numberOfDay(on) - numberOfDay(board.startsOn),
      on,
      lastOn,
      frozen,
      special,
      publications,
    };
  }

  /** The cells of this sight with an open objection, by `unit:indicator code`. */
  disputed({ cut, on }: Sight): Promise<ReadonlySet<string>> {
    return disputedCells(this.db, { campaignId: cut.contest.id, on, knownAt: cut.knownAt });
  }

  /** Numbers and days of the rules that were ever in force, for whoever asks for a board under other rules. */
  rulesVersions({
    board,
  }: Sight): Promise<{ number: number; published_at: Date; decision_ref: string | null }[]> {
    return this.db.query(
      'select number, published_at, decision_ref from rules_version where campaign_id = $1 and published_at is not null order by number',
      [board.campaignId],
    );
  }

  /** Published versions only: drafts are tried out by officers elsewhere. */
  private async rulesVersion(campaignId: number, number: string | undefined): Promise<number | null> {
    if (!number) return null;
    const [row] = await this.db.query<{ id: number }[]>(
      'select id from rules_version where campaign_id = $1 and number = $2::int and published_at is not null',
      [campaignId, /^\d{1,6}$/.test(number) ? number : '0'],
    );
    if (!row) throw new NotFoundException();
    return row.id;
  }
}

function instantOf(text: string | undefined, limit: Date): Date | null {
  if (!text) return null;
  // A moment without a zone was written in Vietnam.
  const at = new Date(/T\d{2}:\d{2}(:\d{2})?$/.test(text) ? `${text}+07:00` : text);
  if (Number.isNaN(at.getTime())) throw new BadRequestException('standings.refusal.no-instant');
  return at > limit ? limit : at;
}

function dayText(text: string | undefined): string | null {
  if (!text) return null;
  try {
    return addDays(text, 0);
  } catch {
    throw new BadRequestException('standings.refusal.no-day');
  }
}

const numbered = (day: string | undefined, { startsOn }: Board) =>
  day && /^\d{1,4}$/.test(day) ? addDays(startsOn, Number(day) - 1) : null;

const clamp = (day: string, first: string, last: string) => (day < first ? first : day > last ? last : day);
