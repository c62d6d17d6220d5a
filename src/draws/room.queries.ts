import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  type ActRule,
  DRAW_ACTS,
  DRAW_STATES,
  type DrawAct,
  type DrawFacts,
  type DrawState,
  missing,
  nextActs,
} from '../rules/calendar/draw-office.js';
import { Officers } from '../officers/officers.service.js';
import { Clock } from '../platform/clock.js';
import { deadlinesOf } from './deadlines.queries.js';
import { type ActRow, actsOf, documentOf, type DrawRow, prizesOf, sourcesOf } from './draw.queries.js';
import { factsOf } from './facts.queries.js';
import { cosignaturesOf, frozenOf, strikesOf, valuesOf } from './frozen.queries.js';
import { completenessOf, countList } from './list.queries.js';
import type { Actor } from './office.service.js';
import { diceIn } from './dice.js';
import { rulesOf } from './plan.service.js';
import { documentHash } from '../rules/draw/digest.js';

/** Everything the control room shows, read at one moment. */
@Injectable()
export class RoomQueries {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly officers: Officers,
  ) {}

  async room(draw: DrawRow, officer: Actor, replacement = 0) {
    return this.db.transaction('REPEATABLE READ', async (tx) => {
      const now = this.clock.now();
      const facts = await factsOf(tx, draw, replacement, now);
      const acts = await actsOf(tx, draw.id, replacement);
      return {
        draw,
        replacement,
        state: facts.state,
        steps: stepsOf(facts, acts, replacement),
        void: acts.find(({ state }) => state === 'void'),
        voidProposals: await voidProposals(tx, draw.id),
        instants: ['period-open', 'objections-running', 'beacon-too-early', 'beacon-passed'],
        acts: await this.possible({ tx, draw, replacement }, facts, officer),
        prizes: await prizesOf(tx, draw.id),
        rules: await documentOf(tx, draw.id, 'rules'),
        rulesHash: documentHash(await rulesOf(tx, draw)),
        addendum: replacement > 0 ? await documentOf(tx, draw.id, 'addendum', replacement) : undefined,
        result: await documentOf(tx, draw.id, 'result', replacement),
        winners: await winnerLines(tx, draw.id, replacement),
        list: await listOf(tx, draw, facts),
        cosignatures: await cosignaturesOf(tx, draw.id),
        sources: await this.sources(tx, draw, officer, replacement),
        strikes: await strikesOf(tx, draw.id, 0),
        openStrikes: await openStrikes(tx, draw.id),
        objections: await objectionsOf(tx, draw.id),
        objectionsCloseAt: facts.objectionsCloseAt,
        certifications: await certificationsOf(tx, draw.id, replacement),
        appointer: await appointerOf(tx, draw.id, replacement),
        agreed: facts.recomputation === 'agrees',
        recomputations: await recomputationsOf(tx, draw.id, replacement),
        deadlines: await deadlinesOf(tx, draw, acts, now),
        code: await hasCode(tx, officer.id),
        mayVoid: await this.may(tx, draw, officer, 'void'),
      };
    });
  }

  /** The acts that lead on from here: who may do them, what is missing, and whether this officer can do it now. */
  private async possible(
    { tx, draw, replacement }: { tx: EntityManager; draw: DrawRow; replacement: number },
    facts: DrawFacts,
    officer: Actor,
  ) {
    const signer = { officerId: officer.id, organisationId: officer.organisationId };
    const possible = [];
    const acts = nextActs(facts.state).filter(
      (act) => replacement === 0 || !['cosign', 'strike', 'drop-strike', 'publish-rules'].includes(act),
    );
    for (const act of acts) {
      const found = missing(act, facts, signer);
      if (act === 'drop-strike' && !isStuck(facts, signer)) continue;
      const may = await this.may(tx, draw, officer, act);
      const ready = may && found.length === 0;
      possible.push({ act, form: `draws/form-${act}`, by: DRAW_ACTS[act].by, missing: found, may, ready });
    }
    // What this officer can do now comes first; striking a code, possible throughout, is no step of the way.
    const isUrgent = (act: DrawAct, ready: boolean) => ready && act !== 'strike';
    return possible.sort((a, b) => Number(isUrgent(b.act, b.ready)) - Number(isUrgent(a.act, a.ready)));
  }

  private may(tx: EntityManager, draw: DrawRow, officer: Actor, act: DrawAct): Promise<boolean> {
    const { by }: ActRule = DRAW_ACTS[act];
    return this.officers.may(officer, by, { campaignId: draw.campaignId, unitId: draw.unitId }, tx);
  }

  /** What each source waits for. Digits that wait for a second officer are shown to nobody. */
  private async sources(tx: EntityManager, draw: DrawRow, officer: Actor, replacement = 0) {
    const values = new Map((await valuesOf(tx, draw.id, replacement)).map((value) => [value.id, value]));
    const readings = await tx.query<
      { source: string; attempt: number; officerId: number; officer: string }[]
    >(
      `select r.source, r.attempt, r.officer_id as "officerId", o.name as officer from source_reading r
       join officer o on o.id = r.officer_id where r.draw_id = $1 and r.replacement = $2 order by r.id`,
      [draw.id, replacement],
    );
    return (await sourcesOf(tx, draw.id, replacement)).map((source) => {
      const typed = readings.filter((reading) => reading.source === source.code);
      const last = typed.filter(({ attempt }) => attempt === typed.at(-1)?.attempt);
      const waits = last.length === 1 ? last[0] : undefined;
      return {
        ...source,
        value: values.get(source.code),
        waitsFor: waits?.officer,
        waitsForOther: waits?.officerId === officer.id,
        mismatch: last.length === 2 && !values.has(source.code),
        dice: source.pattern ? diceIn(source.pattern) : undefined,
        ...(source.speaksAt && { speaksAtText: source.speaksAt.toISOString() }),
      };
    });
  }
}

/** A proposal that can no longer be agreed to: all that is left is to turn it down. */
const isStuck = (facts: DrawFacts, signer: { officerId: number; organisationId: number }) =>
  facts.strikesUndecided > 0 && missing('strike', facts, signer).length > 0;

const LATER = ['witnessed', 'sources-complete', 'drawn', 'certified', 'published'] as const;

function stepsOf(facts: DrawFacts, acts: readonly ActRow[], replacement: number) {
  const states: readonly DrawState[] = replacement > 0 ? LATER : DRAW_STATES;
  const at = states.indexOf(facts.state);
  return states.map((state, index) => {
    const act = acts.find((one) => one.state === state);
    const done = facts.state === 'void' ? act !== undefined : index <= at;
    return {
      key: state,
      state: done ? 'done' : index === at + 1 && facts.state !== 'void' ? 'now' : 'next',
      at: act?.at,
      officer: act?.officer,
      organisation: act?.organisation,
    };
  });
}

async function listOf(tx: EntityManager, draw: DrawRow, facts: DrawFacts) {
  const frozen = await frozenOf(tx, draw.id);
  if (frozen)
    return {
      size: frozen.size,
      root: frozen.root,
      frozenAt: frozen.at,
      completeness: frozen.completeness.total,
      holds: true,
    };
  if (facts.state === 'void') return undefined;
  const { listed, barred, holders } = await countList(tx, draw);
  return {
    size: listed,
    barred,
    holders,
    completeness: (await completenessOf(tx, draw)).total,
    holds: facts.equationHolds,
  };
}

const winnerLines = (tx: EntityManager, drawId: number, replacement: number) =>
  tx.query<{ prizeVi: string; prizeEn: string; place: number; code: string; position: number }[]>(
    `select p.name_vi as "prizeVi", p.name_en as "prizeEn", w.place, w.code, w.position from winner w
     join prize p on p.draw_id = w.draw_id and p.code = w.prize where w.draw_id = $1 and w.replacement = $2 order by w.ordinal`,
    [drawId, replacement],
  );

const voidProposals = (tx: EntityManager, drawId: number) =>
  tx.query<{ reason: string; at: Date; officer: string; organisation: string; organisationId: number }[]>(
    `select v.reason, v.at, o.name as officer, n.name as organisation, n.id as "organisationId" from void_proposal v
     join officer o on o.id = v.officer_id join organisation n on n.id = o.organisation_id where v.draw_id = $1 order by v.id`,
    [drawId],
  );

const openStrikes = (tx: EntityManager, drawId: number) =>
  tx.query<{ code: string; reason: string; officer: string; organisation: string; organisationId: number }[]>(
    `select s.code, s.reason, o.name as officer, n.name as organisation, n.id as "organisationId" from strike s
     join officer o on o.id = s.proposed_by join organisation n on n.id = o.organisation_id
     where s.draw_id = $1 and s.replacement = 0 and not exists (select from strike_decision d where d.strike_id = s.id)`,
    [drawId],
  );

export const objectionsOf = (tx: EntityManager, drawId: number) =>
  tx.query<
    {
      id: number;
      code: string;
      reason: string;
      filedAt: Date;
      decision: string | null;
      decided: string | null;
    }[]
  >(
    `select o.id, o.code, o.reason, o.filed_at as "filedAt", d.decision, d.reason as decided
     from objection o left join objection_decision d on d.objection_id = o.id where o.draw_id = $1 order by o.id`,
    [drawId],
  );

export const certificationsOf = (tx: EntityManager, drawId: number, replacement = 0) =>
  tx.query<{ officer: string; organisation: string; at: Date }[]>(
    `select o.name as officer, n.name as organisation, c.at from certification c join officer o on o.id = c.officer_id
     join organisation n on n.id = c.organisation_id where c.draw_id = $1 and c.replacement = $2 order by c.at, n.name`,
    [drawId, replacement],
  );

/** The officer who appointed all who certified, when it was one and the same. */
export async function appointerOf(
  tx: EntityManager,
  drawId: number,
  replacement = 0,
): Promise<string | undefined> {
  const [row] = await tx.query<{ name: string }[]>(
    `select a.name from certification c join role_grant g on g.officer_id = c.officer_id and g.granted_at <= c.at
       and (g.revoked_at is null or g.revoked_at > c.at) join officer a on a.id = g.granted_by
     where c.draw_id = $1 and c.replacement = $2 group by a.id, a.name
     having count(distinct c.officer_id) >= 2 and count(distinct c.officer_id) =
       (select count(*) from certification where draw_id = $1 and replacement = $2)`,
    [drawId, replacement],
  );
  return row?.name;
}

const recomputationsOf = (tx: EntityManager, drawId: number, replacement = 0) =>
  tx.query<{ means: string; agrees: boolean; findings: { code: string; where: string }[]; at: Date }[]>(
    `select by_means as means, agrees, findings, at from recomputation where draw_id = $1 and replacement = $2 order by id`,
    [drawId, replacement],
  );

/** Whether this officer signs with a code of the telephone as well. */
export async function hasCode(tx: EntityManager, officerId: number): Promise<boolean> {
  const rows = await tx.query<unknown[]>('select 1 from officer where id = $1 and totp_secret is not null', [
    officerId,
  ]);
  return rows.length > 0;
}
