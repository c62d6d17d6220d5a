import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DrawResult } from '../rules/draw/documents.js';
import { DRAW_STATES, type DrawState } from '../rules/calendar/draw-office.js';
import { Clock } from '../platform/clock.js';
import { Vault } from '../platform/crypto/vault.js';
import {
  actsOf,
  documentOf,
  type DrawRow,
  drawOfPeriod,
  prizesOf,
  sourcesOf,
  stateFrom,
} from './draw.queries.js';
import { objectionsCloseAt } from './facts.queries.js';
import { cosignaturesOf, frozenOf, strikesOf, valuesOf } from './frozen.queries.js';
import { certificationsOf } from './room.queries.js';

export interface PublicWinner {
  prize: string;
  prizeVi: string;
  prizeEn: string;
  value: number;
  place: number;
  code: string;
  name: string;
  locality: string;
  replacement: number;
  vacated: boolean;
}

/** What everybody may see of a draw. */
@Injectable()
export class PublicQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly vault: Vault,
  ) {}

  find(promotion: string, period: string, number?: number): Promise<DrawRow> {
    return drawOfPeriod(this.db.manager, promotion, period, number);
  }

  async draw(draw: DrawRow) {
    return this.db.transaction('REPEATABLE READ', async (tx) => {
      const acts = await actsOf(tx, draw.id);
      const state = stateFrom(acts, 0);
      const frozen = await frozenOf(tx, draw.id);
      const shown = state === 'published' || (state === 'void' && acts.some((act) => act.state === 'drawn'));
      const result = shown ? await documentOf<DrawResult>(tx, draw.id, 'result') : undefined;
      const values = new Map((await valuesOf(tx, draw.id, 0)).map((value) => [value.id, value]));
      return {
        draw,
        state,
        steps: publicSteps(state, acts),
        void: acts.find((act) => act.state === 'void'),
        objectionsCloseAt: state === 'objections-open' ? objectionsCloseAt(acts, draw) : undefined,
        prizes: await prizesOf(tx, draw.id),
        rules: await documentOf(tx, draw.id, 'rules'),
        frozen: frozen && { size: frozen.size, root: frozen.root, at: frozen.at, note: frozen.note },
        completeness: frozen?.completeness.total,
        cosignatures: frozen ? await cosignaturesOf(tx, draw.id) : [],
        strikes: await strikesOf(tx, draw.id, 0),
        sources: (await sourcesOf(tx, draw.id)).map((source) => ({
          ...source,
          value: values.get(source.code),
          ...(source.speaksAt && speaks(source.speaksAt, this.clock.now())),
        })),
        result: result && { hash: result.hash, seed: result.document.seed, skipped: result.document.skipped },
        winners: shown ? await winnersOf(tx, draw.id, this.vault) : [],
        certifications: shown ? await certificationsOf(tx, draw.id) : [],
        others: await othersOf(tx, draw),
      };
    });
  }
}

const speaks = (at: Date, now: Date) => ({ speaksAtText: at.toISOString(), ahead: at > now });

function publicSteps(state: DrawState, acts: { state: string; at: Date }[]) {
  const reached = (DRAW_STATES as readonly string[]).indexOf(state);
  return DRAW_STATES.map((key, index) => {
    const at = acts.find((act) => act.state === key)?.at;
    const done = state === 'void' ? at !== undefined : index <= reached;
    return { key, at, state: done ? 'done' : index === reached + 1 && state !== 'void' ? 'now' : 'next' };
  });
}

/** Published winners, those whose prize became vacant marked. The full name only while its owner agrees. */
export async function winnersOf(tx: EntityManager, drawId: number, vault: Vault): Promise<PublicWinner[]> {
  const rows = await tx.query<(PublicWinner & { agreed: Buffer | null })[]>(
    `select w.prize, p.name_vi as "prizeVi", p.name_en as "prizeEn", p.value::float8 as value, w.place, w.code,
       w.masked_name as name, w.locality, w.replacement,
       case when s.kind = 'consent-given' and s.facts -> 'name' = 'true' then y.sealed end as agreed,
       exists (select from winner_step v where v.winner_id = w.id and v.kind in ('refused', 'expired', 'disqualified')) as vacated
     from winner w join prize p on p.draw_id = w.draw_id and p.code = w.prize
     join draw d on d.id = w.draw_id join draw_period r on r.id = d.draw_period_id
     join payer y on y.promotion_id = r.campaign_id and y.id = w.payer_id
     left join lateral (select kind, facts from winner_step c where c.winner_id = w.id
       and c.kind in ('consent-given', 'consent-withdrawn') order by id desc limit 1) s on true
     where w.draw_id = $1 and (w.replacement = 0 or exists (select from draw_act a where a.draw_id = w.draw_id
       and a.replacement = w.replacement and a.state = 'published'))
     order by w.replacement, w.ordinal`,
    [drawId],
  );
  return rows.map(({ agreed, ...winner }) => ({
    ...winner,
    name: (agreed && vault.open(agreed).split('\t')[2]) || winner.name,
  }));
}

/** The other draws of this period: one that became void, or the one that took its place. */
function othersOf(tx: EntityManager, draw: DrawRow) {
  return tx.query<{ number: number; slug: string; isVoid: boolean }[]>(
    `select d.number, d.slug, exists (select from draw_act a where a.draw_id = d.id and a.state = 'void') as "isVoid"
     from draw d where d.draw_period_id = $1 and d.id <> $2 order by d.number`,
    [draw.periodId, draw.id],
  );
}
