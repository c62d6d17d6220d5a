import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { officialCount, officialDay } from '../documents/papers.service.js';
import { amountInWords } from '../platform/http/amount-in-words.js';
import { clockTime, day, localDate, moment, number } from '../platform/http/format.js';
import { TEMPLATES } from '../platform/http/templates-folder.js';
import type { DrawResult, Tally } from '../rules/draw/documents.js';
import { ballsOf } from './cage.service.js';
import { deadlinesOf } from './deadlines.queries.js';
import { type ActRow, actsOf, documentOf, type DrawRow, prizesOf, sourcesOf } from './draw.queries.js';
import { cosignaturesOf, frozenOf, listOf, strikesOf, valuesOf } from './frozen.queries.js';
import { appointerOf, certificationsOf, objectionsOf } from './room.queries.js';
import { publishedWinners } from './winner-names.js';

const vi = (figure: number) => number(figure, 'vi');
const at = (instant: Date) => moment(instant, 'vi');
const { version } = JSON.parse(readFileSync(join(TEMPLATES, '../package.json'), 'utf8')) as {
  version: string;
};
export const SOFTWARE = `Thi Đua ${version}`;

/** The head of every paper: who issues it, under which number, where and when. */
export async function headOf(tx: EntityManager, draw: DrawRow, sign: string, onDay: string, given = '') {
  const [unit] = await tx.query<{ name: string }[]>(
    `select name from unit_version where unit_id = $1 order by valid_from desc nulls last limit 1`,
    [draw.unitId],
  );
  return {
    parent: '',
    issuer: draw.organizer,
    registerNumber: given,
    sign,
    locality: unit?.name ?? '',
    dayText: officialDay(onDay),
    recipients: ['authority', 'partners'],
    draw,
    name: draw.title,
  };
}

/** How the winners were found: by a method and its sources, or by the numbers that came out of the cage. */
async function wayOf(tx: EntityManager, draw: DrawRow, replacement: number) {
  const balls = await ballsOf(tx, draw.id, replacement);
  return {
    software: SOFTWARE,
    isCage: draw.method === 'cage',
    balls,
    sources: await spokenSources(tx, draw, replacement),
  };
}

/** Biên bản: everything that happened, in the order it happened, from the record alone. */
export async function minutesModel(
  tx: EntityManager,
  draw: DrawRow,
  address: string,
  given = '',
  replacement = 0,
) {
  const acts = await actsOf(tx, draw.id, replacement);
  const drawn = acts.find(({ state }) => state === 'drawn')?.at ?? draw.drawsAt;
  const frozen = (await frozenOf(tx, draw.id))!;
  const result = (await documentOf<DrawResult>(tx, draw.id, 'result', replacement))!;
  const list = await listOf(tx, draw.id);
  const prizes = await prizesOf(tx, draw.id);
  const places = prizes.reduce((sum, { quantity }) => sum + quantity, 0);
  const winners = await publishedWinners(tx, draw.id, replacement);
  return {
    ...(await headOf(tx, draw, 'BB-QSTT', localDate(drawn), given)),
    title: 'documents.title.minutes',
    ...(await happened(tx, draw, acts, replacement)),
    frozenAt: at(frozen.at),
    size: vi(frozen.size),
    firstCode: list.code(0),
    lastCode: list.code(list.size - 1),
    root: frozen.root,
    rulesHash: (await documentOf(tx, draw.id, 'rules'))!.hash,
    equation: equationText(frozen.completeness.total),
    strikes: await strikesOf(tx, draw.id, 0),
    ...(await wayOf(tx, draw, replacement)),
    seed: result.document.seed,
    ...winnersTable(winners),
    undrawn:
      replacement === 0 && places > winners.length ? officialCount(places - winners.length) : undefined,
    resultHash: result.hash,
    recomputed: await recomputedBy(tx, draw.id, replacement),
    address: `${address}/verify?draw=${draw.slug}`,
  };
}

const equationText = (total: Tally) => ({
  received: vi(total.received),
  eligible: vi(total.eligible),
  refused: vi(total.refused),
  quarantined: vi(total.quarantined),
  duplicate: vi(total.duplicate),
  listed: vi(total.listed),
  issued: vi(total.entriesIssued),
  voided: vi(total.entriesVoided),
  barred: vi(total.barred),
});

/** Rows of winners with their sums, in figures and in words. */
export function winnersTable(winners: readonly { prizeVi: string; value: number }[]) {
  const total = winners.reduce((sum, { value }) => sum + value, 0);
  return {
    winners: winners.map((winner, index) => ({ ...winner, n: index + 1, valueText: vi(winner.value) })),
    countText: officialCount(winners.length),
    totalText: vi(total),
    totalWords: amountInWords(total, 'vi'),
  };
}

/** States whose act the minutes name with who did it. */
const NAMED = ['rules-published', 'frozen', 'drawn', 'published'];

/** When it began and ended, who took part and what each did, and whether it was late. */
async function happened(tx: EntityManager, draw: DrawRow, acts: readonly ActRow[], replacement: number) {
  const time = (state: string, otherwise: Date) => acts.find((act) => act.state === state)?.at ?? otherwise;
  const began = time('sources-complete', draw.drawsAt);
  const ended = time('certified', time('drawn', began));
  const witnesses = await cosignaturesOf(tx, draw.id);
  const certifications = await certificationsOf(tx, draw.id, replacement);
  const people = [
    ...acts.flatMap(({ state, officer, organisation }) =>
      officer && NAMED.includes(state) ? [{ name: officer, organisation, does: state }] : [],
    ),
    ...(await typists(tx, draw.id, replacement)).map((one) => ({ ...one, does: 'typed' })),
    ...witnesses.map((one) => ({
      name: one.officer,
      organisation: one.organisation,
      does: 'witnessed',
    })),
    ...certifications.map((one) => ({
      name: one.officer,
      organisation: one.organisation,
      does: 'certified',
    })),
  ];
  const objections = await objectionsOf(tx, draw.id);
  return {
    startedAt: at(began),
    endedAt: `${clockTime(ended)}, ${day(ended, 'vi')}`,
    people: together(people),
    witnesses: witnesses.map((one) => ({ ...one, at: at(one.signedAt) })),
    certifications: certifications.map((one) => ({ ...one, at: at(one.at) })),
    appointer: await appointerOf(tx, draw.id, replacement),
    objections,
    late: await lateness(tx, draw, acts),
  };
}

const typists = (tx: EntityManager, drawId: number, replacement: number) =>
  tx.query<{ name: string; organisation: string }[]>(
    `select distinct o.name, n.name as organisation from source_reading r join officer o on o.id = r.officer_id
     join organisation n on n.id = o.organisation_id where r.draw_id = $1 and r.replacement = $2 order by 1`,
    [drawId, replacement],
  );

/** A draw after its deadline is not refused; the minutes say so, with the reason. */
async function lateness(tx: EntityManager, draw: DrawRow, acts: readonly ActRow[]) {
  const drawn = acts.find(({ state }) => state === 'drawn');
  if (!drawn) return undefined;
  const deadline = (await deadlinesOf(tx, draw, acts, drawn.at)).find(({ key }) => key === 'draw')!;
  if (localDate(drawn.at) <= deadline.day) return undefined;
  return { day: day(deadline.day, 'vi'), basis: deadline.basis, reason: drawn.reason };
}

function together(people: readonly { name: string; organisation: string | null; does: string }[]) {
  const byName = new Map<string, { name: string; organisation: string | null; does: string[] }>();
  for (const { name, organisation, does } of people) {
    const one = byName.get(`${name} ${organisation}`) ?? { name, organisation, does: [] };
    if (!one.does.includes(does)) one.does.push(does);
    byName.set(`${name} ${organisation}`, one);
  }
  return [...byName.values()];
}

async function spokenSources(tx: EntityManager, draw: DrawRow, replacement: number) {
  const values = new Map((await valuesOf(tx, draw.id, replacement)).map((value) => [value.id, value]));
  return (await sourcesOf(tx, draw.id, replacement)).flatMap(({ code, kind, description, round }) => {
    const spoken = values.get(code);
    if (!spoken) return [];
    const by = spoken.recordedBy;
    return [{ kind, description, round, value: spoken.value, at: at(new Date(spoken.recordedAt)), by }];
  });
}

async function recomputedBy(tx: EntityManager, drawId: number, replacement: number): Promise<string> {
  const [row] = await tx.query<{ means: string }[]>(
    'select by_means as means from recomputation where draw_id = $1 and replacement = $2 and agrees',
    [drawId, replacement],
  );
  return row?.means ?? 'second-walk';
}
