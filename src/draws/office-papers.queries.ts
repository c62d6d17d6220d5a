import type { EntityManager } from 'typeorm';
import { budgetShare, parameterOn } from '../rules/calendar/due.js';
import { officialCount } from '../documents/papers.service.js';
import { amountInWords } from '../platform/http/amount-in-words.js';
import { day, localDate, moment, number } from '../platform/http/format.js';
import { deadlinesOf, parametersOf } from './deadlines.queries.js';
import { actsOf, documentOf, type DrawRow, prizesOf, sourcesOf } from './draw.queries.js';
import { frozenOf } from './frozen.queries.js';
import { headOf, winnersTable } from './paper-models.queries.js';
import { prizeLine } from './prize-papers.queries.js';
import { unclaimedOf } from './winner-files.queries.js';
import { publishedWinners } from './winner-names.js';
import { taxOf, winnerOf } from './winner.queries.js';

const vi = (figure: number) => number(figure, 'vi');
/** To be filled in by hand. */
const DOTS = '……';
/** Thể lệ: the programme's rules of this draw, sections as the registered form has them. */
export async function rulesModel(tx: EntityManager, draw: DrawRow, onDay: string, given = '') {
  const prizes = await prizesOf(tx, draw.id);
  const total = prizes.reduce((sum, { quantity, value }) => sum + quantity * value, 0);
  const deadlines = await deadlinesOf(tx, draw, [], new Date(`${onDay}T00:00:00Z`));
  const due = (key: string) => day(deadlines.find((one) => one.key === key)!.day, 'vi');
  const [period] = await tx.query<{ startsAt: Date }[]>(
    'select starts_at as "startsAt" from draw_period where id = $1',
    [draw.periodId],
  );
  const budget = parameterOn(await parametersOf(tx), 'budget-percent', onDay);
  return {
    ...(await headOf(tx, draw, 'TL', onDay, given)),
    title: 'documents.title.rules',
    startsText: moment(period!.startsAt, 'vi'),
    closesText: moment(new Date(draw.closesAt.getTime() - 1000), 'vi'),
    drawsText: moment(draw.drawsAt, 'vi'),
    prizes: prizes.map(prizeLine),
    totalText: vi(total),
    totalWords: amountInWords(total, 'vi'),
    isCage: draw.method === 'cage',
    sources: await sourcesOf(tx, draw.id),
    awardDue: due('draw'),
    reportDue: due('report'),
    budgetPercent: budget.value,
    rulesHash: (await documentOf(tx, draw.id, 'rules'))?.hash,
  };
}

export async function winnersModel(
  tx: EntityManager,
  draw: DrawRow,
  address: string,
  onDay: string,
  given = '',
) {
  const acts = await actsOf(tx, draw.id);
  const deadlines = await deadlinesOf(tx, draw, acts, new Date(`${onDay}T00:00:00Z`));
  return {
    ...(await headOf(tx, draw, 'TB', onDay, given)),
    title: 'documents.title.winners',
    drawnOn: dayOf(acts, 'drawn'),
    ...winnersTable(await standing(tx, draw.id)),
    awardDue: day(deadlines[0]!.day, 'vi'),
    noticeAddress: `${address}/notices`,
  };
}

const standing = async (tx: EntityManager, drawId: number) =>
  (await publishedWinners(tx, drawId)).filter(({ outcome }) => outcome === null || outcome === 'handed-over');

const dayOf = (acts: readonly { state: string; at: Date }[], state: string) => {
  const act = acts.find((one) => one.state === state);
  return act ? day(act.at, 'vi') : DOTS;
};

/** The report that is due after the award: who won, what was handed over, what goes to the budget. */
export async function reportModel(
  tx: EntityManager,
  draw: DrawRow,
  address: string,
  onDay: string,
  given = '',
) {
  const acts = await actsOf(tx, draw.id);
  const winners = await publishedWinners(tx, draw.id);
  const unclaimed = await unclaimedOf(tx, draw, onDay);
  const [tax] = await tx.query<{ sum: number }[]>(
    `select coalesce(sum((s.facts ->> 'tax')::bigint), 0)::float8 as sum from winner_step s
     join winner w on w.id = s.winner_id where w.draw_id = $1 and s.kind = 'tax-settled'`,
    [draw.id],
  );
  return {
    ...(await headOf(tx, draw, 'BC', onDay, given)),
    title: 'documents.title.report',
    drawnOn: dayOf(acts, 'drawn'),
    publishedOn: dayOf(acts, 'published'),
    size: vi((await frozenOf(tx, draw.id))?.size ?? 0),
    address: `${address}/draws/${draw.promotion}/${draw.period}`,
    prizes: (await prizesOf(tx, draw.id)).map((prize) => prizeOutcome(prize, winners)),
    ...winnersTable(winners),
    winners: winnersTable(winners).winners.map((winner, at) => ({
      ...winner,
      status: winners[at]!.outcome ?? 'waiting',
    })),
    unclaimed: {
      places: officialCount(unclaimed.places),
      valueText: vi(unclaimed.value),
      percent: unclaimed.percent,
      basis: unclaimed.basis,
      shareText: vi(unclaimed.share),
      shareWords: amountInWords(budgetShare(unclaimed.value, unclaimed.percent), 'vi'),
    },
    taxText: vi(tax!.sum),
  };
}

function prizeOutcome(
  prize: { nameVi: string; quantity: number },
  winners: readonly { prizeVi: string; outcome: string | null; value: number }[],
) {
  const own = winners.filter(({ prizeVi }) => prizeVi === prize.nameVi);
  const handed = own.filter(({ outcome }) => outcome === 'handed-over');
  return {
    nameVi: prize.nameVi,
    quantityText: officialCount(prize.quantity),
    wonText: officialCount(own.length),
    handedText: officialCount(handed.length),
    handedValue: vi(handed.reduce((sum, { value }) => sum + value, 0)),
  };
}

/** Biên bản trao giải. The name and number of the winner are written in by hand: the paper is the winner's own. */
export async function handOverModel(tx: EntityManager, winnerId: number, given = '') {
  const winner = await winnerOf(tx, winnerId);
  const done = winner.steps.find(({ kind }) => kind === 'handed-over');
  const checked = winner.steps.find(({ kind }) => kind === 'identity-checked');
  const settled = winner.steps.find(({ kind }) => kind === 'tax-settled');
  const onDay = localDate(done?.at ?? winner.draw.drawsAt);
  const { tax, threshold, rate, basis } = await taxOf(tx, winner.value, onDay);
  return {
    ...(await headOf(tx, winner.draw, 'BB-TG', onDay, given)),
    title: 'documents.title.handOver',
    name: winner.code,
    place: String(done?.facts.place ?? DOTS),
    prizeVi: winner.prizeVi,
    code: winner.code,
    valueText: vi(winner.value),
    valueWords: amountInWords(winner.value, 'vi'),
    checkedAt: checked ? moment(checked.at, 'vi') : DOTS,
    taxText: vi(tax),
    taxWords: tax > 0 ? amountInWords(tax, 'vi') : undefined,
    taxRule: { rate, threshold: vi(threshold), basis },
    taxPaidBy: settled?.facts.paidBy,
    late: lateIn(done?.facts),
  };
}

/** Why a prize was handed over after the last day to claim it. */
function lateIn(facts: Record<string, unknown> | undefined) {
  const late = facts?.late as { until: string; reason: string } | undefined;
  return late && { until: day(late.until, 'vi'), reason: late.reason };
}
