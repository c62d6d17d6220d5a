import { Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { boardDay } from '../rules/calendar/campaign.js';
import { numberOfDay } from '../rules/calendar/day.js';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { boardOf, publicationText, type Board, type PublicationRow } from './board-acts.queries.js';
import type { Cut } from './cut.js';
import { Cuts } from './cuts.service.js';
import { documentOf, sealed } from './standings-document.js';

export interface Announcement {
  readonly slug: string;
  readonly kind: 'interim' | 'final';
  /** The day they are about; the last one there is when left out. */
  readonly on?: string;
  readonly note?: string;
  readonly officer: number | null;
}

export interface Published {
  readonly id: number;
  readonly number: number;
  readonly sha256: string;
  readonly asOf: string;
}

/** Announces standings, and shows that what was announced can be worked out again to the byte. */
@Injectable()
export class Publishing {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly cuts: Cuts,
  ) {}

  /** The four keys are fixed here: the day, this instant, the rules in force and the campaign's tree. */
  async publish(tx: EntityManager, announcement: Announcement): Promise<Published> {
    const { slug, kind, officer } = announcement;
    const board = await boardOf(tx, slug);
    if (!board) throw new NotFoundException();
    // Readings on their way in are waited for; the ones that come later count from after this instant.
    await tx.query('lock table reading in share mode');
    const knownAt = this.clock.now();
    const cut = await this.cuts.asKnown(slug, { knownAt });
    const asOf = dayOf(board, announcement.on, knownAt);
    const { text, sha256 } = sealed(documentOf(cut, numberOfDay(asOf) - cut.contest.start));
    const published = {
      ...(await this.store(tx, announcement, { cut, asOf, knownAt, text, sha256 })),
      sha256,
      asOf,
    };
    const { rulesNumber: rules, treeOn: tree } = cut.contest;
    await this.journal.record(tx, {
      officer,
      act: 'standings.published',
      subject: `campaign/${slug}/publications/${published.number}`,
      facts: { kind, asOf, knownAt: knownAt.toISOString(), rules, tree, sha256 },
    });
    return published;
  }

  private async store(
    tx: EntityManager,
    { kind, note = '', officer }: Announcement,
    {
      cut,
      asOf,
      knownAt,
      text,
      sha256,
    }: { cut: Cut; asOf: string; knownAt: Date; text: string; sha256: string },
  ): Promise<{ id: number; number: number }> {
    const { id, rulesVersionId, treeOn } = cut.contest;
    const [row] = await tx.query<{ id: number; number: number }[]>(
      `insert into publication (campaign_id, number, kind, note, as_of, known_at, rules_version_id, tree_on, sha256, content,
                                published_at, published_by)
       values ($1, (select coalesce(max(number), 0) + 1 from publication where campaign_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $5, $10)
       returning id, number`,
      [id, kind, note, asOf, knownAt, rulesVersionId, treeOn, sha256, text, officer],
    );
    if (!row) throw new Error('the publication was not stored');
    return row;
  }

  /** Works published standings out again from the readings and says whether the bytes are the same. */
  async recompute(slug: string, publication: PublicationRow): Promise<{ sha256: string; same: boolean }> {
    const cut = await this.cuts.asKnown(slug, {
      knownAt: publication.known_at,
      rulesVersionId: publication.rules_version_id,
      treeOn: publication.tree_on,
    });
    const { text, sha256 } = sealed(documentOf(cut, numberOfDay(publication.as_of) - cut.contest.start));
    return { sha256, same: text === (await publicationText(this.db, publication.id)) };
  }
}

function dayOf(board: Board, on: string | undefined, now: Date): string {
  const last = boardDay(board, now);
  if (!on) return last;
  return on < board.startsOn ? board.startsOn : on > last ? last : on;
}
