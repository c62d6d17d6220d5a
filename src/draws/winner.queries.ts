import { NotFoundException } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { parameterOn, prizeTax } from '../rules/calendar/due.js';
import { parametersOf } from './deadlines.queries.js';
import { type DrawRow, drawBySlug, lockDraw } from './draw.queries.js';

export interface WinnerStep {
  kind: string;
  facts: Record<string, unknown>;
  at: Date;
  officer: string;
  organisation: string;
  organisationId: number;
}

export interface WinnerRow {
  id: number;
  draw: DrawRow;
  campaignId: number;
  replacement: number;
  prize: string;
  prizeVi: string;
  prizeEn: string;
  place: number;
  code: string;
  holder: string;
  value: number;
  payerId: number;
  maskedName: string;
  locality: string;
  sealed: Buffer;
  published: boolean;
  steps: WinnerStep[];
  /** Kinds of steps that were done. */
  done: string[];
  outcome: string | undefined;
  proposal: { reason: string; office: string; organisationId: number } | undefined;
}

const OUTCOMES = ['handed-over', 'refused', 'expired', 'disqualified'];

/** One winner with everything that was done since the draw; `locked` makes other acts on this draw wait. */
export async function winnerOf(tx: EntityManager, id: number, locked = false): Promise<WinnerRow> {
  const [row] = await tx.query<
    (Omit<WinnerRow, 'draw' | 'steps' | 'done' | 'outcome' | 'proposal'> & { slug: string })[]
  >(
    `select w.id, d.slug, c.campaign_id as "campaignId", w.replacement, w.prize, p.name_vi as "prizeVi", p.name_en as "prizeEn",
       w.place, w.code, encode(w.holder, 'hex') as holder, w.value::float8 as value, w.payer_id::float8 as "payerId",
       w.masked_name as "maskedName", w.locality, y.sealed,
       exists (select from draw_act a where a.draw_id = d.id and a.replacement = w.replacement and a.state = 'published')
         and not exists (select from draw_act a where a.draw_id = d.id and a.state = 'void') as published
     from winner w join draw d on d.id = w.draw_id join draw_period c on c.id = d.draw_period_id
     join prize p on p.draw_id = w.draw_id and p.code = w.prize
     join payer y on y.promotion_id = c.campaign_id and y.id = w.payer_id where w.id = $1`,
    [id],
  );
  if (!row) throw new NotFoundException();
  const draw = locked ? await lockDraw(tx, row.slug) : await drawBySlug(tx, row.slug);
  const steps = await stepsOf(tx, id);
  return { ...row, draw, steps, done: steps.map(({ kind }) => kind), ...standing(steps) };
}

function stepsOf(tx: EntityManager, id: number): Promise<WinnerStep[]> {
  return tx.query<WinnerStep[]>(
    `select s.kind, s.facts, s.at, o.name as officer, n.name as organisation, n.id as "organisationId"
     from winner_step s join officer o on o.id = s.officer_id join organisation n on n.id = o.organisation_id
     where s.winner_id = $1 order by s.id`,
    [id],
  );
}

function standing(steps: readonly WinnerStep[]): Pick<WinnerRow, 'outcome' | 'proposal'> {
  const outcome = steps.find(({ kind }) => OUTCOMES.includes(kind))?.kind;
  const last = steps.findLast(({ kind }) => kind.startsWith('disqualification-'));
  if (last?.kind !== 'disqualification-proposed') return { outcome, proposal: undefined };
  const { facts, organisationId } = last;
  return {
    outcome,
    proposal: { reason: String(facts.reason), office: String(facts.office), organisationId },
  };
}

/** Tax on one win by the rule of the day, with its legal ground. */
export async function taxOf(tx: EntityManager, value: number, day: string) {
  const parameters = await parametersOf(tx);
  const threshold = parameterOn(parameters, 'tax-threshold', day);
  const rate = parameterOn(parameters, 'tax-rate', day);
  const tax = prizeTax(value, threshold.value, rate.value);
  return { tax, threshold: threshold.value, rate: rate.value, basis: threshold.basis, payable: value - tax };
}

export interface Vacancy {
  prize: string;
  prizeVi: string;
  prizeEn: string;
  place: number;
  code: string;
  holder: string;
  kind: string;
  reason: string;
  offices: string[];
  at: Date;
  value: number;
}

/** Places whose last winner gave up, came too late or was disqualified, and that no replacement draw names yet. */
export function vacanciesOf(tx: EntityManager, drawId: number): Promise<Vacancy[]> {
  return tx.query<Vacancy[]>(
    `select w.prize, p.name_vi as "prizeVi", p.name_en as "prizeEn", w.place, w.code, encode(w.holder, 'hex') as holder, s.kind, s.facts ->> 'reason' as reason, s.at,
       array(select jsonb_array_elements_text(coalesce(s.facts -> 'offices', '[]'))) as offices, w.value::float8 as value
     from winner w join prize p on p.draw_id = w.draw_id and p.code = w.prize
     join winner_step s on s.winner_id = w.id and s.kind in ('refused', 'expired', 'disqualified')
     where w.draw_id = $1 and not exists (
       select from draw_document d, jsonb_array_elements(d.body::jsonb -> 'vacancies') v
       where d.draw_id = w.draw_id and d.kind = 'addendum' and d.replacement > w.replacement
         and v ->> 'prize' = w.prize and (v ->> 'place')::int = w.place)
     order by w.replacement, w.ordinal`,
    [drawId],
  );
}
