import { ConflictException, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rankOf } from '../rules/calendar/draw-office.js';
import { Officers } from '../officers/officers.service.js';
import { Live } from '../platform/live/live.js';
import {
  actsOf,
  type DrawRow,
  drawOfPeriod,
  lockDraw,
  prizesOf,
  sourcesOf,
  stateFrom,
} from './draw.queries.js';
import { frozenOf, valuesOf } from './frozen.queries.js';
import { HallQueries, type Transcript } from './hall.queries.js';
import type { Actor } from './office.service.js';

/** What the screens in the hall show, and who moves them on. */
@Injectable()
export class Hall {
  constructor(
    private readonly db: DataSource,
    private readonly queries: HallQueries,
    private readonly officers: Officers,
    private readonly live: Live,
  ) {}

  find(promotion: string, period: string): Promise<DrawRow> {
    return drawOfPeriod(this.db.manager, promotion, period);
  }

  transcript(draw: DrawRow, replacement: number, host: boolean): Promise<Transcript> {
    return this.queries.transcript(draw, replacement, host);
  }

  rehearsal(draw: DrawRow): Promise<Transcript> {
    return this.queries.rehearsal(draw);
  }

  /** What the page itself holds, also for a screen without scripts. */
  async screen(draw: DrawRow, replacement: number) {
    const tx = this.db.manager;
    const values = new Map((await valuesOf(tx, draw.id, replacement)).map((value) => [value.id, value]));
    const frozen = await frozenOf(tx, draw.id);
    return {
      transcript: await this.queries.transcript(draw, replacement, false),
      prizes: await prizesOf(tx, draw.id),
      frozen: frozen && { size: frozen.size, root: frozen.root },
      sources: (await sourcesOf(tx, draw.id, replacement)).map((source) => ({
        ...source,
        value: values.get(source.code),
        ...(source.speaksAt && { speaksAtText: source.speaksAt.toISOString() }),
      })),
    };
  }

  /** Kept, so that a screen that was reloaded or joins late stands where the others stand. */
  async cue(
    slug: string,
    officer: Actor,
    { replacement, shown, paused }: { replacement: number; shown: number; paused: boolean },
  ): Promise<{ shown: number }> {
    return this.db.transaction(async (tx) => {
      const draw = await lockDraw(tx, slug);
      await this.officers.demand(
        officer,
        'organiser',
        { campaignId: draw.campaignId, unitId: draw.unitId },
        tx,
      );
      const state = stateFrom(await actsOf(tx, draw.id, replacement), replacement);
      if (state === 'void' || rankOf(state) < rankOf('drawn'))
        throw new ConflictException('draws.missing.not-drawn');
      const { total } = await this.queries.transcript(draw, replacement, false);
      const kept = Math.min(shown, total);
      await tx.query(
        'insert into hall_cue (draw_id, replacement, shown, paused, at, officer_id) values ($1, $2, $3, $4, now(), $5)',
        [draw.id, replacement, kept, paused, officer.id],
      );
      await this.live.tell(tx, `draw:${draw.id}`, { cue: kept, paused, replacement });
      return { shown: kept };
    });
  }
}
