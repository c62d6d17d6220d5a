import { Injectable } from '@nestjs/common';
import { type ActRule, DRAW_ACTS, type DrawAct } from '../rules/calendar/draw-office.js';
import { Journal } from '../journal/journal.service.js';
import { Live } from '../platform/live/live.js';
import type { Acting } from './office.service.js';

/** Writes down what was done: the state that was reached, the journal, and word to the open pages. */
@Injectable()
export class DrawRecord {
  constructor(
    private readonly journal: Journal,
    private readonly live: Live,
  ) {
    live.publicKind('draw');
  }

  async done(
    { tx, draw, replacement, officer, now }: Acting,
    act: DrawAct,
    { complete, facts = {}, reason }: { complete: boolean; facts?: Record<string, unknown>; reason?: string },
  ): Promise<void> {
    const { reaches }: ActRule = DRAW_ACTS[act];
    if (complete && reaches)
      await tx.query(
        'insert into draw_act (draw_id, replacement, state, at, officer_id, reason) values ($1, $2, $3, $4, $5, $6)',
        [draw.id, replacement, reaches, now, officer.id, reason ?? null],
      );
    await this.live.tell(tx, `draw:${draw.id}`, { act });
    await this.journal.record(tx, {
      officer: officer.id,
      act: `draw.${act}`,
      subject: subjectOf(draw.slug, replacement),
      facts: { ...facts, ...(complete && reaches && { state: reaches }) },
    });
  }

  /** What is done besides the states: planned, objected, contacted, handed over. */
  async note(
    { tx, draw, officer }: Pick<Acting, 'tx' | 'draw'> & { officer: { id: number } | null },
    act: string,
    facts: Record<string, unknown> = {},
  ): Promise<void> {
    await this.live.tell(tx, `draw:${draw.id}`, { act });
    await this.journal.record(tx, {
      officer: officer?.id ?? null,
      act: `draw.${act}`,
      subject: subjectOf(draw.slug, 0),
      facts,
    });
  }
}

export const subjectOf = (slug: string, replacement: number) =>
  `draw/${slug}${replacement > 0 ? `/replacement-${replacement}` : ''}`;
