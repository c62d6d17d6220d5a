import { Injectable } from '@nestjs/common';
import seedrandom from 'seedrandom';
import { canonicalJson } from '../rules/draw/canonical.js';
import { textHash } from '../rules/draw/digest.js';
import type { Addendum, DrawResult, DrawRules, Replacement } from '../rules/draw/documents.js';
import { draw as compute, type DrawInputs, replace } from '../rules/draw/draw.js';
import type { Signature } from '../officers/officers.service.js';
import { Cage } from './cage.service.js';
import { documentOf, keepDocument } from './draw.queries.js';
import { hash } from './freeze.service.js';
import { frozenOf, listOf, strikesOf, valuesOf } from './frozen.queries.js';
import { type Acting, type Actor, Office } from './office.service.js';
import { WinnerRows } from './winner-rows.service.js';

export const chance = { seedrandom: (seed: string) => seedrandom(seed), hash };

/** The draw itself: a function of what was published, computed once. */
@Injectable()
export class Drawing {
  constructor(
    private readonly office: Office,
    private readonly winners: WinnerRows,
    private readonly cage: Cage,
  ) {}

  /** `reason`: why it is late, where it is; printed in the minutes. */
  draw(
    slug: string,
    officer: Actor,
    signature: Signature,
    replacement = 0,
    reason?: string,
  ): Promise<boolean> {
    return this.office.act({ slug, replacement, act: 'draw', officer, signature }, async (acting) => {
      const { tx, draw, now } = acting;
      const result = await this.computed(acting);
      const body = canonicalJson(result);
      const resultHash = textHash(body, hash);
      await keepDocument(tx, {
        drawId: draw.id,
        replacement,
        kind: 'result',
        body,
        hash: resultHash,
        at: now,
      });
      await this.winners.keep(acting, result);
      return {
        complete: true,
        reason: reason?.trim() || undefined,
        facts: {
          resultHash,
          seed: result.seed,
          winners: result.winners.length,
          skipped: result.skipped.length,
        },
      };
    });
  }

  private async computed(acting: Acting): Promise<DrawResult> {
    if (acting.draw.method === 'cage') return this.cage.result(acting);
    return acting.replacement === 0 ? compute(await inputsOf(acting), chance) : replaced(acting);
  }
}

/** Everything the result is a function of, as it was published. */
async function inputsOf({ tx, draw, replacement }: Acting): Promise<DrawInputs> {
  const rules = await documentOf<DrawRules>(tx, draw.id, 'rules');
  const frozen = await frozenOf(tx, draw.id);
  const values = await valuesOf(tx, draw.id, replacement);
  return {
    rules: rules!.document,
    list: await listOf(tx, draw.id),
    root: frozen!.root,
    values: new Map(values.map(({ id, value }) => [id, value])),
    strikes: await strikesOf(tx, draw.id, 0),
  };
}

async function replaced(acting: Acting): Promise<DrawResult> {
  const { tx, draw, replacement } = acting;
  const result = await documentOf<DrawResult>(tx, draw.id, 'result');
  const addendum = await documentOf<Addendum>(tx, draw.id, 'addendum', replacement);
  const before: Replacement[] = [];
  for (let number = 1; number < replacement; number++)
    before.push({
      addendum: (await documentOf<Addendum>(tx, draw.id, 'addendum', number))!.document,
      result: (await documentOf<DrawResult>(tx, draw.id, 'result', number))!.document,
    });
  return replace(
    { ...(await inputsOf(acting)), addendum: addendum!.document, result: result!.document, before },
    chance,
  );
}
