import type { EntityManager } from 'typeorm';
import { budgetShare, parameterOn } from '../rules/calendar/due.js';
import { officialCount } from '../documents/papers.service.js';
import { amountInWords } from '../platform/http/amount-in-words.js';
import { day, localDate, moment, number } from '../platform/http/format.js';
import { parametersOf } from './deadlines.queries.js';
import { type DrawRow, type PrizeRow, prizesOf } from './draw.queries.js';
import { headOf } from './paper-models.queries.js';
import { winnerOf } from './winner.queries.js';

const vi = (figure: number) => number(figure, 'vi');

/** Biên bản: a prize that its winner refused, did not claim, or lost; with every attempt to reach them. */
export async function vacancyModel(tx: EntityManager, winnerId: number, given = '') {
  const winner = await winnerOf(tx, winnerId);
  const decided = winner.steps.find(({ kind }) => kind === winner.outcome)!;
  const onDay = localDate(decided.at);
  const budget = parameterOn(await parametersOf(tx), 'budget-percent', onDay);
  const share = budgetShare(winner.value, budget.value);
  const { reason, until, basis, offices } = decided.facts;
  return {
    ...(await headOf(tx, winner.draw, 'BB-GKN', onDay, given)),
    title: 'documents.title.vacancy',
    name: winner.code,
    prizeVi: winner.prizeVi,
    code: winner.code,
    valueText: vi(winner.value),
    valueWords: amountInWords(winner.value, 'vi'),
    maskedName: winner.maskedName,
    winnerLocality: winner.locality,
    outcome: winner.outcome,
    decidedAt: moment(decided.at, 'vi'),
    reason,
    until: typeof until === 'string' ? day(until, 'vi') : undefined,
    basis,
    offices: Array.isArray(offices) ? offices : [decided.organisation],
    officer: decided.officer,
    organisation: decided.organisation,
    contacts: winner.steps
      .filter(({ kind }) => kind === 'contact-attempted')
      .map(({ at, facts, officer, organisation }) => ({
        ...facts,
        at: moment(at, 'vi'),
        officer,
        organisation,
      })),
    budgetPercent: budget.value,
    budgetBasis: budget.basis,
    shareText: vi(share),
    shareWords: amountInWords(share, 'vi'),
  };
}

/** Đăng ký khuyến mại: what the trader files before the programme begins, with the prizes of all its draws that stand. */
export async function registrationModel(tx: EntityManager, draw: DrawRow, onDay: string, given = '') {
  const standing = await tx.query<{ id: number; title: string }[]>(
    `select d.id, d.title from draw d join draw_period p on p.id = d.draw_period_id
     where p.campaign_id = $1 and not exists (select from draw_act a where a.draw_id = d.id and a.state = 'void')
     order by p.ordinal, d.number`,
    [draw.campaignId],
  );
  const draws = await Promise.all(
    standing.map(async ({ id, title }) => ({ title, prizes: await prizesOf(tx, id) })),
  );
  const total = draws
    .flatMap(({ prizes }) => prizes)
    .reduce((sum, { quantity, value }) => sum + quantity * value, 0);
  const [window] = await tx.query<{ startsOn: string }[]>(
    'select starts_on::text as "startsOn" from campaign where id = $1',
    [draw.campaignId],
  );
  return {
    ...(await headOf(tx, draw, 'ĐK', onDay, given)),
    title: 'documents.title.registration',
    startsText: day(window!.startsOn, 'vi'),
    endsText: day(draw.endsOn, 'vi'),
    draws: draws.map(({ title, prizes }) => ({ title, prizes: prizes.map(prizeLine) })),
    totalText: vi(total),
    totalWords: amountInWords(total, 'vi'),
    partners: await partnersOf(tx, draw.campaignId),
  };
}

/** A prize as a table of an official paper has it. */
export const prizeLine = (prize: PrizeRow) => ({
  ...prize,
  quantityText: officialCount(prize.quantity),
  valueText: vi(prize.value),
  amountText: vi(prize.quantity * prize.value),
});

async function partnersOf(tx: EntityManager, campaignId: number): Promise<string[]> {
  const rows = await tx.query<{ name: string }[]>(
    `select distinct n.name from role_grant g join officer o on o.id = g.officer_id
     join organisation n on n.id = o.organisation_id
     where g.role = 'partner' and g.campaign_id = $1 and g.revoked_at is null order by 1`,
    [campaignId],
  );
  return rows.map(({ name }) => name);
}
