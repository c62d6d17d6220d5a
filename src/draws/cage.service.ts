import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PROTOCOL, type DrawResult } from '../rules/draw/documents.js';
import { placesOf } from '../rules/draw/walk.js';
import { type Ball, type CageRules, cageFindings, isCageOver, outcomeOf } from './cage.js';
import { documentOf, type DrawRow, prizesOf } from './draw.queries.js';
import { frozenOf, listOf, strikesOf } from './frozen.queries.js';
import type { Acting } from './office.service.js';

/** A drum with balls in front of an audience: the numbers are typed in, recorded one by one, and those that cannot win drawn again. */
@Injectable()
export class Cage {
  /** The number that two officers typed alike. @returns whether the draw is over. */
  async take(
    { tx, draw, replacement, now }: Acting,
    code: string,
    offices: readonly string[],
  ): Promise<boolean> {
    const rules = await rulesOf(tx, draw);
    const before = await ballsOf(tx, draw.id, replacement);
    const issued = await tx.query<unknown[]>('select 1 from entry where promotion_id = $1 and code = $2', [
      draw.campaignId,
      code,
    ]);
    const ball = outcomeOf(code, before, rules, issued.length > 0);
    await tx.query(
      `insert into cage_ball (draw_id, replacement, ordinal, code, outcome, prize, place, at, offices)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        draw.id,
        replacement,
        ball.ordinal,
        code,
        ball.outcome,
        ball.prize ?? null,
        ball.place ?? null,
        now,
        offices,
      ],
    );
    return isCageOver([...before, ball], rules);
  }

  /** The result as far as a physical draw has one: no seed, and every number in the order in which it came out. */
  async result({ tx, draw, replacement }: Acting): Promise<DrawResult & { balls: Ball[] }> {
    const { list } = await rulesOf(tx, draw);
    const balls = await ballsOf(tx, draw.id, replacement);
    const frozen = (await frozenOf(tx, draw.id))!;
    const winners = balls.flatMap(({ ordinal, code, prize, place }) =>
      prize && place
        ? [{ prize, place, code, holder: list.holder(list.find(code)!), position: ordinal }]
        : [],
    );
    return {
      protocol: PROTOCOL,
      draw: draw.slug,
      rulesHash: (await documentOf(tx, draw.id, 'rules'))!.hash,
      root: frozen.root,
      size: frozen.size,
      seed: '',
      winners,
      skipped: [],
      balls,
    };
  }

  /** Once more from the record: which numbers win follows from the list alone. */
  async recheck(tx: EntityManager, draw: DrawRow): Promise<{ code: string; where: string }[]> {
    return cageFindings(await ballsOf(tx, draw.id, 0), await rulesOf(tx, draw));
  }
}

export function ballsOf(tx: EntityManager, drawId: number, replacement: number): Promise<Ball[]> {
  return tx
    .query<(Ball & { prize: string | null; place: number | null })[]>(
      'select ordinal, code, outcome, prize, place from cage_ball where draw_id = $1 and replacement = $2 order by ordinal',
      [drawId, replacement],
    )
    .then((rows) =>
      rows.map(({ ordinal, code, outcome, prize, place }) => ({
        ordinal,
        code,
        outcome,
        ...(prize !== null && place !== null && { prize, place }),
      })),
    );
}

async function rulesOf(tx: EntityManager, draw: DrawRow): Promise<CageRules> {
  const prizes = await prizesOf(tx, draw.id);
  return {
    list: await listOf(tx, draw.id),
    places: placesOf(
      prizes.map(({ code, nameVi, quantity, value }) => ({ id: code, name: nameVi, quantity, value })),
    ),
    struck: new Set((await strikesOf(tx, draw.id, 0)).map(({ code }) => code)),
    winsPerHolder: draw.winsPerHolder,
  };
}
