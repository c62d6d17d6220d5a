import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Addendum, type DrawResult, PROTOCOL, type Replacement } from '../rules/draw/documents.js';
import { winnersAfter } from '../rules/draw/draw.js';
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
    const rules = await rulesOf(tx, draw, replacement);
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
    const { list } = await rulesOf(tx, draw, replacement);
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
      rulesHash: (await documentOf(tx, draw.id, replacement > 0 ? 'addendum' : 'rules', replacement))!.hash,
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
    const [last] = await tx.query<{ replacement: number }[]>(
      'select coalesce(max(replacement), 0) as replacement from cage_ball where draw_id = $1',
      [draw.id],
    );
    const findings = [];
    for (let number = 0; number <= last!.replacement; number++)
      findings.push(...cageFindings(await ballsOf(tx, draw.id, number), await rulesOf(tx, draw, number)));
    return findings;
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

async function rulesOf(tx: EntityManager, draw: DrawRow, replacement: number): Promise<CageRules> {
  const prizes = await prizesOf(tx, draw.id);
  const { addendum, won, standing, struck } = await historyOf(tx, draw, replacement);
  const wins = new Map<string, number>();
  for (const { holder } of standing) wins.set(holder, (wins.get(holder) ?? 0) + 1);
  return {
    list: await listOf(tx, draw.id),
    places:
      addendum?.vacancies ??
      placesOf(
        prizes.map(({ code, nameVi, quantity, value }) => ({ id: code, name: nameVi, quantity, value })),
      ),
    struck,
    won,
    wins,
    winsPerHolder: draw.winsPerHolder,
  };
}

/** Who won and who was struck before a replacement draw; before the draw itself, only who was struck. */
async function historyOf(tx: EntityManager, draw: DrawRow, replacement: number) {
  const struck = new Set((await strikesOf(tx, draw.id, 0)).map(({ code }) => code));
  if (replacement === 0) return { addendum: undefined, won: new Set<string>(), standing: [], struck };
  const result = (await documentOf<DrawResult>(tx, draw.id, 'result'))!.document;
  const before: Replacement[] = [];
  for (let number = 1; ; number++) {
    const addendum = (await documentOf<Addendum>(tx, draw.id, 'addendum', number))!.document;
    for (const { code } of addendum.strikes) struck.add(code);
    if (number === replacement) return { addendum, ...winnersAfter(result, before, addendum), struck };
    before.push({
      addendum,
      result: (await documentOf<DrawResult>(tx, draw.id, 'result', number))!.document,
    });
  }
}
