import { NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type DrawState, stateOf } from '../rules/calendar/draw-office.js';
import type { Method, Source } from '../rules/draw/documents.js';

/** A draw with the period and promotion it belongs to. */
export interface DrawRow {
  id: number;
  number: number;
  slug: string;
  supersedes: string | null;
  title: string;
  organizer: string;
  registrationRef: string | null;
  place: string | null;
  drawsAt: Date;
  method: Method | 'cage';
  winsPerHolder: number | null;
  witnessesWanted: number;
  objectionDays: number;
  beaconMargin: number;
  plannedAt: Date;
  periodId: number;
  period: string;
  periodVi: string;
  periodEn: string;
  ordinal: number;
  closesAt: Date;
  campaignId: number;
  unitId: number | null;
  promotion: string;
  promotionVi: string;
  promotionEn: string;
  decisionRef: string | null;
  endsOn: string;
}

export interface PrizeRow {
  code: string;
  ordinal: number;
  nameVi: string;
  nameEn: string;
  quantity: number;
  value: number;
}

export interface SourceRow {
  code: string;
  kind: Source['kind'];
  chain: string | null;
  round: number | null;
  /** When the round is due; null for other kinds. */
  speaksAt: Date | null;
  description: string | null;
  pattern: string | null;
  commitment: string | null;
  organisationId: number | null;
  organisation: string | null;
}

const DRAW = `select d.id, d.number, d.slug, s.slug as supersedes, d.title, d.organizer, d.registration_ref as "registrationRef",
  d.place, d.draws_at as "drawsAt", d.method, d.wins_per_holder as "winsPerHolder", d.witnesses_wanted as "witnessesWanted",
  d.objection_days as "objectionDays", d.beacon_margin as "beaconMargin", d.planned_at as "plannedAt",
  p.id as "periodId", p.slug as period, p.title_vi as "periodVi", p.title_en as "periodEn", p.ordinal,
  p.cutoff_at as "closesAt", c.id as "campaignId", c.unit_id as "unitId", c.slug as promotion,
  c.title_vi as "promotionVi", c.title_en as "promotionEn", c.decision_ref as "decisionRef", c.ends_on::text as "endsOn"
  from draw d join draw_period p on p.id = d.draw_period_id join campaign c on c.id = p.campaign_id
  left join draw s on s.id = d.supersedes_id`;

export async function drawBySlug(tx: EntityManager, slug: string): Promise<DrawRow> {
  const [row] = await tx.query<DrawRow[]>(`${DRAW} where d.slug = $1`, [slug]);
  if (!row) throw new NotFoundException();
  return row;
}

/** The draw of a period: the one with this number, else the latest. */
export async function drawOfPeriod(
  tx: EntityManager,
  promotion: string,
  period: string,
  number?: number,
): Promise<DrawRow> {
  const [row] = await tx.query<DrawRow[]>(
    `${DRAW} where c.slug = $1 and p.slug = $2 and ($3::integer is null or d.number = $3) order by d.number desc limit 1`,
    [promotion, period, number ?? null],
  );
  if (!row) throw new NotFoundException();
  return row;
}

/** Everybody who wants to act on this draw waits here, on every instance. */
export async function lockDraw(tx: EntityManager, slug: string): Promise<DrawRow> {
  await tx.query('select from draw where slug = $1 for update', [slug]);
  return drawBySlug(tx, slug);
}

export interface ActRow {
  state: string;
  at: Date;
  officer: string | null;
  organisation: string | null;
  organisationId: number | null;
  officerId: number | null;
  reason: string | null;
}

export function actsOf(tx: EntityManager, drawId: number, replacement = 0): Promise<ActRow[]> {
  return tx.query<ActRow[]>(
    `select a.state, a.at, a.officer_id as "officerId", o.name as officer, o.organisation_id as "organisationId",
            n.name as organisation, a.reason
     from draw_act a left join officer o on o.id = a.officer_id left join organisation n on n.id = o.organisation_id
     where a.draw_id = $1 and (a.replacement = $2 or a.state = 'void') order by a.at, a.state`,
    [drawId, replacement],
  );
}

/** A replacement draw has the list and its witnesses already: it starts where the draw itself waits for its sources. */
export function stateFrom(acts: readonly ActRow[], replacement: number): DrawState {
  const state = stateOf(new Set(acts.map((act) => act.state)));
  return replacement > 0 && state === 'rules-published' ? 'witnessed' : state;
}

export function prizesOf(tx: EntityManager, drawId: number): Promise<PrizeRow[]> {
  return tx.query<PrizeRow[]>(
    `select code, ordinal, name_vi as "nameVi", name_en as "nameEn", quantity, value::float8 as value
     from prize where draw_id = $1 order by ordinal`,
    [drawId],
  );
}

export function sourcesOf(tx: EntityManager, drawId: number, replacement = 0): Promise<SourceRow[]> {
  return tx.query<SourceRow[]>(
    `select s.code, s.kind, s.chain, s.round::float8 as round, s.description, s.pattern, s.commitment,
            to_timestamp(b.genesis + (s.round - 1) * b.period) as "speaksAt",
            s.organisation_id as "organisationId", n.name as organisation
     from draw_source s left join beacon_chain b on b.hash = s.chain left join organisation n on n.id = s.organisation_id
     where s.draw_id = $1 and s.replacement = $2 order by s.ordinal`,
    [drawId, replacement],
  );
}

/** A beacon round, as the rules name it. */
export const beaconIn = ({ chain, round }: SourceRow) => ({ chain: chain!, round: round! });

/** As it stands in the rules. */
export function sourceOf(row: SourceRow): Source {
  const id = row.code;
  if (row.kind === 'drand') return { id, kind: 'drand', chain: row.chain!, round: row.round! };
  if (row.kind === 'witness')
    return { id, kind: 'witness', description: row.description!, pattern: row.pattern! };
  return { id, kind: 'commitment', commitment: row.commitment! };
}

/** A published document, parsed, with its hash in hex. */
export async function documentOf<Document>(
  tx: EntityManager,
  drawId: number,
  kind: 'rules' | 'addendum' | 'result',
  replacement = 0,
): Promise<{ document: Document; hash: string; body: string } | undefined> {
  const [row] = await tx.query<{ body: string; hash: string }[]>(
    `select body, encode(hash, 'hex') as hash from draw_document where draw_id = $1 and kind = $2 and replacement = $3`,
    [drawId, kind, replacement],
  );
  return row && { ...row, document: JSON.parse(row.body) as Document };
}

export async function keepDocument(
  tx: EntityManager,
  document: { drawId: number; replacement: number; kind: string; body: string; hash: string; at: Date },
): Promise<void> {
  const { drawId, replacement, kind, body, hash, at } = document;
  await tx.query(
    `insert into draw_document (draw_id, replacement, kind, body, hash, at) values ($1, $2, $3, $4, decode($5, 'hex'), $6)`,
    [drawId, replacement, kind, body, hash, at],
  );
}

/** As the documents of the protocol write an instant; fractions of a second only where there are some. */
export const instant = (at: Date): string => at.toISOString().replace('.000Z', 'Z');
