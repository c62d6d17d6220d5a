import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { canonicalJson } from '../rules/draw/canonical.js';
import { textHash } from '../rules/draw/digest.js';
import { type DrawRules, PROTOCOL } from '../rules/draw/documents.js';
import { type Signature, Officers } from '../officers/officers.service.js';
import {
  type DrawRow,
  drawBySlug,
  instant,
  keepDocument,
  lockDraw,
  prizesOf,
  sourceOf,
  sourcesOf,
} from './draw.queries.js';
import { type Actor, Office, refuse } from './office.service.js';
import { chainsOf } from './beacon.queries.js';
import { CAGE } from './cage.js';
import { drawName, type Plan, planFaults, type PlannedPrize, type PlannedSource } from './plan.js';
import { DrawRecord } from './record.service.js';

/** From the plan to the published rules. */
@Injectable()
export class Planning {
  constructor(
    private readonly db: DataSource,
    private readonly officers: Officers,
    private readonly office: Office,
    private readonly record: DrawRecord,
  ) {}

  /** A new draw of a period: its first, or the one after a draw that became void. @returns its slug. */
  async plan(
    officer: Actor,
    signature: Signature,
    { promotion, period }: { promotion: string; period: string },
    plan: Plan,
  ): Promise<string> {
    return this.db.transaction(async (tx) => {
      const scope = await periodOf(tx, promotion, period);
      await this.officers.demand(officer, 'organiser', scope, tx);
      await this.officers.signAgain(tx, officer, signature);
      planFaults(plan, await chainsOf(tx));
      const before = await lastDraw(tx, scope.periodId);
      if (before && !before.isVoid) throw new ConflictException('draws.refusals.drawExists');
      const number = (before?.number ?? 0) + 1;
      const slug = drawName(promotion, period, number);
      const [made] = await tx.query<{ id: number }[]>(
        `insert into draw (draw_period_id, number, slug, supersedes_id, title, organizer, registration_ref, place, draws_at, method,
           wins_per_holder, witnesses_wanted, objection_days, beacon_margin, planned_at, planned_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) returning id`,
        [scope.periodId, number, slug, before?.id ?? null, ...columnsOf(plan), this.office.now(), officer.id],
      );
      await keepPrizesAndSources(tx, made!.id, plan);
      await this.record.note({ tx, draw: await drawBySlug(tx, slug), officer }, 'planned', factsOf(plan));
      return slug;
    });
  }

  /** Changes the plan as a whole, as long as its rules are not published. */
  async change(officer: Actor, signature: Signature, slug: string, plan: Plan): Promise<void> {
    await this.db.transaction(async (tx) => {
      const draw = await lockDraw(tx, slug);
      const reach = { campaignId: draw.campaignId, unitId: draw.unitId };
      await this.officers.demand(officer, 'organiser', reach, tx);
      await this.officers.signAgain(tx, officer, signature);
      planFaults(plan, await chainsOf(tx));
      const acts = await tx.query<unknown[]>('select 1 from draw_act where draw_id = $1', [draw.id]);
      if (acts.length > 0) throw new ConflictException('draws.refusals.rulesPublished');
      await tx.query(
        `update draw set title = $2, organizer = $3, registration_ref = $4, place = $5, draws_at = $6, method = $7,
           wins_per_holder = $8, witnesses_wanted = $9, objection_days = $10, beacon_margin = $11 where id = $1`,
        [draw.id, ...columnsOf(plan)],
      );
      await tx.query('delete from prize where draw_id = $1', [draw.id]);
      await tx.query('delete from draw_source where draw_id = $1', [draw.id]);
      await keepPrizesAndSources(tx, draw.id, plan);
      await this.record.note({ tx, draw, officer }, 'plan-changed', factsOf(plan));
    });
  }

  /**
   * From here on nobody edits the rules: what would have to change is a new draw.
   * `seen` is the hash of the rules as this officer saw them, when a page asked.
   */
  async publishRules(slug: string, officer: Actor, signature: Signature, seen?: string): Promise<boolean> {
    return this.office.act({ slug, act: 'publish-rules', officer, signature }, async ({ tx, draw, now }) => {
      const body = canonicalJson(await rulesOf(tx, draw));
      const hash = textHash(body);
      if (seen && seen !== hash) refuse('other-rules', hash, seen, 'seen');
      await keepDocument(tx, { drawId: draw.id, replacement: 0, kind: 'rules', body, hash, at: now });
      return { complete: true, facts: { rulesHash: hash } };
    });
  }
}

/** The rules as they are, or will be, published. */
export async function rulesOf(tx: EntityManager, draw: DrawRow): Promise<DrawRules> {
  const prizes = await prizesOf(tx, draw.id);
  return {
    protocol: PROTOCOL,
    draw: draw.slug,
    ...(draw.supersedes && { supersedes: draw.supersedes }),
    title: draw.title,
    organizer: draw.organizer,
    closesAt: instant(draw.closesAt),
    drawsAt: instant(draw.drawsAt),
    method: draw.method as DrawRules['method'],
    winsPerHolder: draw.winsPerHolder,
    prizes: prizes.map(({ code, nameVi, quantity, value }) => ({ id: code, name: nameVi, quantity, value })),
    sources: (await sourcesOf(tx, draw.id)).map(sourceOf),
  };
}

async function periodOf(tx: EntityManager, promotion: string, period: string) {
  const [row] = await tx.query<{ periodId: number; campaignId: number; unitId: number | null }[]>(
    `select p.id as "periodId", c.id as "campaignId", c.unit_id as "unitId" from draw_period p
     join campaign c on c.id = p.campaign_id where c.slug = $1 and p.slug = $2 for update of p`,
    [promotion, period],
  );
  if (!row) throw new NotFoundException();
  return row;
}

async function lastDraw(tx: EntityManager, periodId: number) {
  const [row] = await tx.query<{ id: number; number: number; isVoid: boolean }[]>(
    `select d.id, d.number, exists (select from draw_act a where a.draw_id = d.id and a.state = 'void') as "isVoid"
     from draw d where d.draw_period_id = $1 order by d.number desc limit 1`,
    [periodId],
  );
  return row;
}

const columnsOf = (plan: Plan) => [
  plan.title,
  plan.organizer,
  plan.registrationRef ?? null,
  plan.place ?? null,
  new Date(plan.drawsAt),
  plan.method,
  plan.winsPerHolder,
  plan.witnessesWanted,
  plan.objectionDays,
  plan.beaconMargin ?? 600,
];

const factsOf = ({ prizes, sources, method }: Plan) => ({
  method,
  prizes: prizes.length,
  sources: sources.map(({ kind }) => kind),
});

async function keepPrizesAndSources(tx: EntityManager, drawId: number, plan: Plan): Promise<void> {
  for (const [at, prize] of plan.prizes.entries()) await keepPrize(tx, drawId, at + 1, prize);
  const sources = plan.method === 'cage' ? [CAGE] : plan.sources;
  for (const [at, source] of sources.entries()) await keepSource(tx, drawId, 0, at + 1, source);
}

async function keepPrize(tx: EntityManager, drawId: number, ordinal: number, prize: PlannedPrize) {
  const { id, nameVi, nameEn, quantity, value } = prize;
  await tx.query(
    'insert into prize (draw_id, code, ordinal, name_vi, name_en, quantity, value) values ($1, $2, $3, $4, $5, $6, $7)',
    [drawId, id, ordinal, nameVi.normalize('NFC'), (nameEn || nameVi).normalize('NFC'), quantity, value],
  );
}

export async function keepSource(
  tx: EntityManager,
  drawId: number,
  replacement: number,
  ordinal: number,
  source: PlannedSource,
): Promise<void> {
  await tx.query(
    `insert into draw_source (draw_id, replacement, code, ordinal, kind, chain, round, description, pattern, commitment,
       organisation_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      drawId,
      replacement,
      source.id,
      ordinal,
      source.kind,
      source.kind === 'drand' ? source.chain : null,
      source.kind === 'drand' ? source.round : null,
      source.kind === 'witness' ? source.description.normalize('NFC') : null,
      source.kind === 'witness' ? source.pattern : null,
      source.kind === 'commitment' ? source.commitment : null,
      source.kind === 'commitment' ? (source.organisationId ?? null) : null,
    ],
  );
}
