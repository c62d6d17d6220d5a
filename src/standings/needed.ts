import type { Finding } from '../platform/http/input-error.js';
import { addDays } from '../rules/calendar/day.js';
import type { Board } from './board-acts.queries.js';

/** What a form left empty. */
export const needed = (fields: Record<string, string>): Finding[] =>
  Object.entries(fields).flatMap(([field, text]) =>
    text ? [] : [{ field, code: `standings.finding.needed.${field}` }],
  );

/** A day of the campaign, and nothing else. */
export const within = ({ startsOn, endsOn }: Board, field: string, day: string): Finding[] =>
  isDay(day) && day >= startsOn && day <= endsOn
    ? []
    : [{ field, code: 'standings.finding.outsideCampaign', got: day, expected: `${startsOn} … ${endsOn}` }];

function isDay(text: string): boolean {
  try {
    return addDays(text, 0) === text;
  } catch {
    return false;
  }
}
