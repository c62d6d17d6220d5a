import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DrawResult } from '../rules/draw/documents.js';
import { documentOf, type DrawRow } from './draw.queries.js';
import { frozenOf, listOf } from './frozen.queries.js';

/** How a share of the list compares with its share of the winners. */
export interface Share {
  label: string;
  listed: number;
  expected: number;
  won: number;
}

/**
 * Whether the result looks like chance: computed from the list, the seed and facts of the payments, never from names.
 * Only of published draws.
 */
@Injectable()
export class FairnessQueries {
  constructor(private readonly db: DataSource) {}

  async of(draw: DrawRow) {
    return this.db.transaction('REPEATABLE READ', async (tx) => {
      const result = await documentOf<DrawResult>(tx, draw.id, 'result');
      const frozen = await frozenOf(tx, draw.id);
      if (!result || !frozen) return undefined;
      const { winners, skipped } = result.document;
      const repeats = skipped.filter(({ reason }) => reason === 'holder-limit').length;
      const codes = winners.map(({ code }) => code);
      return {
        size: frozen.size,
        winners: winners.length,
        repeats,
        expectedRepeats: await this.expectedRepeats(tx, draw, winners.length),
        lastPosition: Math.max(0, ...winners.map(({ position }) => position)),
        days: await shares(tx, draw, codes, `to_char(m.paid_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM')`),
        units: await shares(
          tx,
          draw,
          codes,
          `coalesce((select v.name from unit_version v where v.code = m.unit_code order by v.valid_from desc nulls last limit 1), m.unit_code)`,
        ),
        channels: await shares(tx, draw, codes, 'm.channel'),
      };
    });
  }

  /** How often a person who has won comes up again while so many places are filled: the mean over all lists of chance. */
  private async expectedRepeats(tx: EntityManager, draw: DrawRow, places: number): Promise<number> {
    const list = await listOf(tx, draw.id);
    const perHolder = new Map<string, number>();
    for (let index = 0; index < list.size; index++) {
      const holder = list.holder(index);
      perHolder.set(holder, (perHolder.get(holder) ?? 0) + 1);
    }
    const drawn = Math.min(1, places / Math.max(1, list.size));
    let expected = 0;
    for (const count of perHolder.values()) expected += count * drawn - (1 - (1 - drawn) ** count);
    return Math.round(expected * 100) / 100;
  }
}

/** By a fact of the payment: its part of the list, and the winners that part would have on average. */
async function shares(tx: EntityManager, draw: DrawRow, codes: string[], by: string): Promise<Share[]> {
  const rows = await tx.query<{ label: string; listed: number; won: number; total: number }[]>(
    `select ${by} as label, count(*)::int as listed, (count(*) filter (where e.code = any($3)))::int as won,
            (sum(count(*)) over ())::int as total
     from entry e join payment m on m.promotion_id = $1 and m.id = e.payment_id
     where e.promotion_id = $1 and e.voided_at is null and e.period <= $2
     group by 1 order by count(*) desc, 1 limit 40`,
    [draw.campaignId, draw.ordinal, codes],
  );
  return rows.map(({ label, listed, won, total }) => ({
    label,
    listed,
    won,
    expected: Math.round((codes.length * listed * 100) / Math.max(1, total)) / 100,
  }));
}
