import type { EntityManager } from 'typeorm';
import type { DrawFacts, Signer } from '../rules/calendar/draw-office.js';
import { actsOf, type DrawRow, prizesOf, sourcesOf, stateFrom } from './draw.queries.js';
import { completenessOf, countList, equationHolds } from './list.queries.js';

/** What the rules ask about a draw, read in one transaction; exact when the draw is locked. */
export async function factsOf(
  tx: EntityManager,
  draw: DrawRow,
  replacement: number,
  now: Date,
): Promise<DrawFacts> {
  const acts = await actsOf(tx, draw.id, replacement);
  const state = stateFrom(acts, replacement);
  const [counted] = await tx.query<Counted[]>(COUNTED, [draw.id, replacement, draw.campaignId]);
  const sources = await sourcesOf(tx, draw.id, replacement);
  return {
    state,
    now,
    closesAt: draw.closesAt,
    prizes: (await prizesOf(tx, draw.id)).length,
    sources: sources.map(({ kind, speaksAt }) => ({ kind, ...(speaksAt && { speaksAt }) })),
    beaconMargin: draw.beaconMargin,
    objectionsCloseAt: objectionsCloseAt(acts, draw),
    witnessesWanted: draw.witnessesWanted,
    ...counted!,
    ...(await listFacts(tx, draw, state === 'objections-open')),
    cosigned: await signers(tx, 'select officer_id, organisation_id from cosignature where draw_id = $1', [
      draw.id,
    ]),
    certified: await signers(
      tx,
      'select officer_id, organisation_id from certification where draw_id = $1 and replacement = $2',
      [draw.id, replacement],
    ),
  };
}

type Counted = Pick<
  DrawFacts,
  | 'objectionsUndecided'
  | 'strikesUndecided'
  | 'sourcesRecorded'
  | 'recomputation'
  | 'importsUnderWay'
  | 'frozenBy'
>;

const COUNTED = `select
  (select count(*)::int from objection o where o.draw_id = $1
     and not exists (select from objection_decision d where d.objection_id = o.id)) as "objectionsUndecided",
  (select count(*)::int from strike s where s.draw_id = $1 and s.replacement = $2
     and not exists (select from strike_decision d where d.strike_id = s.id)) as "strikesUndecided",
  (select count(*)::int from source_value v where v.draw_id = $1 and v.replacement = $2) as "sourcesRecorded",
  (select count(*)::int from import_batch b where b.promotion_id = $3 and b.state in ('waiting', 'running')) as "importsUnderWay",
  coalesce((select case when agrees then 'agrees' else 'differs' end from recomputation r
     where r.draw_id = $1 and r.replacement = $2 order by agrees desc, id desc limit 1), 'none') as recomputation,
  (select jsonb_build_object('officerId', o.id, 'organisationId', o.organisation_id) from draw_act a
     join officer o on o.id = a.officer_id where a.draw_id = $1 and a.state = 'frozen') as "frozenBy"`;

/** Counting a list of millions is for the moment when it matters: before it is closed. */
async function listFacts(tx: EntityManager, draw: DrawRow, open: boolean) {
  if (!open) return { entries: 0, equationHolds: true };
  const { listed } = await countList(tx, draw);
  return { entries: listed, equationHolds: equationHolds(await completenessOf(tx, draw), listed) };
}

export function objectionsCloseAt(
  acts: readonly { state: string; at: Date }[],
  { objectionDays }: Pick<DrawRow, 'objectionDays'>,
): Date | null {
  const opened = acts.find(({ state }) => state === 'objections-open');
  return opened ? new Date(opened.at.getTime() + objectionDays * 86_400_000) : null;
}

function signers(tx: EntityManager, sql: string, values: unknown[]): Promise<Signer[]> {
  return tx.query<Signer[]>(
    `select officer_id as "officerId", organisation_id as "organisationId" from (${sql}) s`,
    values,
  );
}
