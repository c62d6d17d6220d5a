import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DrawResult } from '../rules/draw/documents.js';
import { ticketOf } from '../rules/draw/ticket.js';
import { actsOf, documentOf, type DrawRow, prizesOf, stateFrom } from './draw.queries.js';
import { textHash } from '../rules/draw/digest.js';

/** One place as the screen in the hall shows it: so many digits of its code are out. */
export interface HallStep {
  prizeVi: string;
  prizeEn: string;
  value: number;
  place: number;
  length: number;
  /** The digits that are out. */
  code: string;
  /** Once the whole code is out. */
  name?: string;
  locality?: string;
  ticket?: string;
}

export interface Transcript {
  draw: number;
  rehearsal: boolean;
  state: string;
  seed?: string;
  /** Digits that are out, through all prizes, and how many there are. */
  shown: number;
  total: number;
  paused: boolean;
  steps: HallStep[];
}

/** What the screens in the hall may know: only what the host has let out, so that no screen is ahead of the ceremony. */
@Injectable()
export class HallQueries {
  constructor(private readonly db: DataSource) {}

  /** `full`: for the host's own screen, which must go on when the network in the hall does not. */
  async transcript(draw: DrawRow, replacement: number, full: boolean): Promise<Transcript> {
    return this.db.transaction('REPEATABLE READ', async (tx) => {
      const state = stateFrom(await actsOf(tx, draw.id, replacement), replacement);
      const result = await documentOf<DrawResult>(tx, draw.id, 'result', replacement);
      const winners = await winnersIn(tx, draw.id, replacement);
      const [cue] = await tx.query<{ shown: number; paused: boolean }[]>(
        'select shown, paused from hall_cue where draw_id = $1 and replacement = $2 order by id desc limit 1',
        [draw.id, replacement],
      );
      const total = winners.reduce((sum, { code }) => sum + code.length, 0);
      const everybody = state === 'published';
      const shown = Math.min(cue?.shown ?? 0, total);
      const seed = result?.document.seed || undefined;
      const steps = stepsUpTo(winners, full || everybody ? total : shown, seed);
      return {
        draw: draw.id,
        rehearsal: false,
        state,
        ...(seed && (full || shown > 0 || everybody) && { seed }),
        shown: everybody && !cue ? total : shown,
        total,
        paused: cue?.paused ?? false,
        steps,
      };
    });
  }

  /** The prizes of the plan with invented codes that no promotion issues. Nothing of it is kept anywhere. */
  async rehearsal(draw: DrawRow): Promise<Transcript> {
    const prizes = await prizesOf(this.db.manager, draw.id);
    const seed = textHash(`rehearsal ${draw.slug}`);
    const winners = prizes.flatMap(({ nameVi, nameEn, value, quantity }) =>
      Array.from({ length: Math.min(quantity, 20) }, (_, at) => ({
        prizeVi: nameVi,
        prizeEn: nameEn,
        value,
        place: at + 1,
        code: `THU${String(((at + 1) * 137 + value) % 1000).padStart(3, '0')}`,
        name: 'Người Diễn T***',
        locality: 'Xã Diễn Tập',
      })),
    );
    const total = winners.reduce((sum, { code }) => sum + code.length, 0);
    const steps = stepsUpTo(winners, total, seed);
    return { draw: draw.id, rehearsal: true, state: 'drawn', seed, shown: 0, total, paused: false, steps };
  }
}

type Shown = Pick<HallStep, 'prizeVi' | 'prizeEn' | 'value' | 'place' | 'code'> & {
  name: string;
  locality: string;
};

function winnersIn(tx: EntityManager, drawId: number, replacement: number): Promise<Shown[]> {
  return tx.query<Shown[]>(
    `select p.name_vi as "prizeVi", p.name_en as "prizeEn", w.value::float8 as value, w.place, w.code,
            w.masked_name as name, w.locality
     from winner w join prize p on p.draw_id = w.draw_id and p.code = w.prize
     where w.draw_id = $1 and w.replacement = $2 order by w.ordinal`,
    [drawId, replacement],
  );
}

/** Places are opened one after the other, in the order drawn: places not reached yet show nothing at all. */
function stepsUpTo(winners: readonly Shown[], shown: number, seed: string | undefined): HallStep[] {
  let left = shown;
  return winners.map(({ code, name, locality, ...place }) => {
    const out = Math.max(0, Math.min(code.length, left));
    left -= code.length;
    const whole = out === code.length;
    return {
      ...place,
      length: code.length,
      code: code.slice(0, out),
      ...(whole && { name, locality, ...(seed && { ticket: ticketOf(seed, code).number }) }),
    };
  });
}
