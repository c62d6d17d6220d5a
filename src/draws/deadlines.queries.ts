import type { EntityManager } from 'typeorm';
import { type DatedParameter, dayAfter, dueState, parameterOn } from '../rules/calendar/due.js';
import { localDate } from '../platform/http/format.js';
import { type ActRow, actsOf, type DrawRow } from './draw.queries.js';

export interface ParameterRow extends DatedParameter {
  readonly basisEn: string;
}

/** The numbers that the law sets, with the days from which they hold. */
export function parametersOf(tx: EntityManager): Promise<ParameterRow[]> {
  return tx.query<ParameterRow[]>(
    `select name, value::float8 as value, valid_from::text as "validFrom", basis_vi as basis, basis_en as "basisEn"
     from legal_parameter order by name, valid_from`,
  );
}

/** What is due when, and on which ground. A deadline warns; the reason for being late is asked for and printed. */
export async function deadlinesOf(tx: EntityManager, draw: DrawRow, acts: readonly ActRow[], now: Date) {
  const parameters = await parametersOf(tx);
  const today = localDate(now);
  const from = (name: string, day: string) => parameterOn(parameters, name, day) as ParameterRow;
  const reached = (state: string) => acts.find((act) => act.state === state)?.at;
  const award = from('award-days', draw.endsOn);
  const awardDue = dayAfter(draw.endsOn, award.value);
  const report = from('report-days', awardDue);
  const drawnOn = reached('drawn') && localDate(reached('drawn')!);
  const certify = drawnOn ? from('certify-days', drawnOn) : undefined;
  const due = (key: string, day: string, parameter: ParameterRow, done: boolean) => ({
    key,
    day,
    basis: parameter.basis,
    basisEn: parameter.basisEn,
    state: dueState(day, today, done),
  });
  return [
    due('draw', awardDue, award, reached('drawn') !== undefined),
    ...(certify && drawnOn
      ? [due('certify', dayAfter(drawnOn, certify.value), certify, reached('certified') !== undefined)]
      : []),
    due('report', dayAfter(awardDue, report.value), report, false),
  ];
}

/**
 * The last day on which a winner may claim: the day by which prizes are to be handed over, or so many days after the result was
 * published, whichever is later. A draw that was late leaves its winners their time.
 */
export async function claimUntil(tx: EntityManager, draw: DrawRow, replacement: number) {
  const parameters = await parametersOf(tx);
  const awardDue = dayAfter(draw.endsOn, parameterOn(parameters, 'award-days', draw.endsOn).value);
  const published = (await actsOf(tx, draw.id, replacement)).find(({ state }) => state === 'published');
  const publishedOn = published ? localDate(published.at) : awardDue;
  const claim = parameterOn(parameters, 'claim-days', publishedOn) as ParameterRow;
  const day = [awardDue, dayAfter(publishedOn, claim.value)].sort()[1]!;
  return { day, basis: claim.basis, basisEn: claim.basisEn };
}
