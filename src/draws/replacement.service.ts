import { ConflictException, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { canonicalJson } from '../rules/draw/canonical.js';
import { textHash } from '../rules/draw/digest.js';
import { type Addendum, PROTOCOL, type Strike } from '../rules/draw/documents.js';
import { type Signature, Officers } from '../officers/officers.service.js';
import type { Chain } from '../verify/beacon.js';
import { chainsOf } from './beacon.queries.js';
import { CAGE } from './cage.js';
import { type Finding, InputError } from '../platform/http/input-error.js';
import {
  actsOf,
  documentOf,
  type DrawRow,
  instant,
  keepDocument,
  lockDraw,
  sourceOf,
  sourcesOf,
} from './draw.queries.js';
import { listOf } from './frozen.queries.js';
import { type Actor, Office, refuse } from './office.service.js';
import { type PlannedSource, sourceFaults } from './plan.js';
import { keepSource } from './plan.service.js';
import { type Vacancy, vacanciesOf } from './winner.queries.js';

/** Prizes that became vacant are drawn again over the same list, with a later public source that nobody can foresee. */
@Injectable()
export class Replacements {
  constructor(
    private readonly db: DataSource,
    private readonly office: Office,
    private readonly officers: Officers,
  ) {}

  /**
   * Publishes the addendum: which places are vacant, whose codes are struck with them, and which later sources decide.
   * Recording the sources, drawing, certifying and publishing go as in the draw itself, with this number.
   * @returns the number of the replacement draw.
   */
  async publishAddendum(
    slug: string,
    officer: Actor,
    signature: Signature,
    sources: readonly PlannedSource[],
  ) {
    const replacement = await this.planned(slug, officer, sources);
    await this.office.act({ slug, replacement, act: 'publish-rules', officer, signature }, async (acting) => {
      const { tx, draw, now } = acting;
      const addendum = await addendumOf(tx, draw, replacement);
      const body = canonicalJson(addendum);
      const hash = textHash(body);
      await keepDocument(tx, { drawId: draw.id, replacement, kind: 'addendum', body, hash, at: now });
      return { complete: true, facts: { addendum: hash, vacancies: addendum.vacancies.length } };
    });
    return replacement;
  }

  /** The sources of a replacement draw can be changed until its addendum is published. */
  private planned(slug: string, officer: Actor, sources: readonly PlannedSource[]): Promise<number> {
    return this.db.transaction(async (tx) => {
      const draw = await lockDraw(tx, slug);
      const reach = { campaignId: draw.campaignId, unitId: draw.unitId };
      await this.officers.demand(officer, 'organiser', reach, tx);
      const own = draw.method === 'cage' ? [CAGE] : sources;
      demandSound(own, await chainsOf(tx));
      const number = await nextNumber(tx, draw);
      if ((await vacanciesOf(tx, draw.id)).length === 0) refuse('no-vacancy');
      await tx.query('delete from draw_source where draw_id = $1 and replacement = $2', [draw.id, number]);
      for (const [at, source] of own.entries()) await keepSource(tx, draw.id, number, at + 1, source);
      return number;
    });
  }
}

function demandSound(sources: readonly PlannedSource[], chains: readonly Chain[]): void {
  const findings: Finding[] = [];
  sources.forEach((source, at) =>
    sourceFaults(source, chains, `sources.${at}`, (held, field, code, got) => {
      if (!held) findings.push({ field, code: `draws.findings.${code}`, got });
    }),
  );
  if (findings.length > 0) throw new InputError(findings);
}

async function nextNumber(tx: EntityManager, draw: DrawRow): Promise<number> {
  for (let number = 0; ; number++) {
    const states = (await actsOf(tx, draw.id, number)).map(({ state }) => state);
    if (states.length === 0 && number > 0) return number;
    if (!states.includes('published')) throw new ConflictException('draws.refusals.replacementOpen');
  }
}

async function addendumOf(tx: EntityManager, draw: DrawRow, number: number): Promise<Addendum> {
  const previous = await documentOf(tx, draw.id, 'result', number - 1);
  const vacancies = await vacanciesOf(tx, draw.id);
  return {
    protocol: PROTOCOL,
    draw: draw.slug,
    number,
    previous: previous!.hash,
    strikes: await strikesFor(tx, draw, vacancies),
    vacancies: vacancies.map(({ prize, place }) => ({ prize, place })),
    sources: (await sourcesOf(tx, draw.id, number)).map(sourceOf),
  };
}

/** A person who was disqualified does not win with another code: all of them are struck. */
async function strikesFor(
  tx: EntityManager,
  draw: DrawRow,
  vacancies: readonly Vacancy[],
): Promise<Strike[]> {
  const out = vacancies.filter(({ kind }) => kind === 'disqualified');
  if (out.length === 0) return [];
  const list = await listOf(tx, draw.id);
  const byHolder = new Map(out.map((vacancy) => [vacancy.holder, vacancy]));
  const strikes: Strike[] = [];
  for (let index = 0; index < list.size; index++) {
    const vacancy = byHolder.get(list.holder(index));
    if (vacancy)
      strikes.push({
        code: list.code(index),
        reason: vacancy.reason,
        at: instant(vacancy.at),
        by: vacancy.offices,
      });
  }
  return strikes;
}
