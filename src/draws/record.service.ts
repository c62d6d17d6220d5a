import { Injectable } from '@nestjs/common';
import { type ActRule, DRAW_ACTS, type DrawAct } from '../rules/calendar/draw-office.js';
import { Journal } from '../journal/journal.service.js';
import { Live } from '../platform/live/live.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { beaconOrders } from './beacon-watch.js';
import type { Acting, Actor } from './office.service.js';

/** Writes down what was done: the state that was reached, the journal, word to the open pages, and work that follows by itself. */
@Injectable()
export class DrawRecord {
  constructor(
    private readonly journal: Journal,
    private readonly live: Live,
    private readonly jobs: Jobs,
  ) {
    live.publicKind('draw');
  }

  async done(
    { tx, draw, replacement, officer, now }: Acting<Actor | null>,
    act: DrawAct,
    { complete, facts = {}, reason }: { complete: boolean; facts?: Record<string, unknown>; reason?: string },
  ): Promise<void> {
    const { reaches }: ActRule = DRAW_ACTS[act];
    if (complete && reaches)
      await tx.query(
        'insert into draw_act (draw_id, replacement, state, at, officer_id, reason) values ($1, $2, $3, $4, $5, $6)',
        [draw.id, replacement, reaches, now, officer?.id ?? null, reason ?? null],
      );
    if (complete && reaches === 'rules-published')
      for (const order of await beaconOrders(tx, draw, replacement))
        await this.jobs.add(tx, order.name, order.payload, order);
    await this.live.tell(tx, `draw:${draw.id}`, { act });
    await this.journal.record(tx, {
      officer: officer?.id ?? null,
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
