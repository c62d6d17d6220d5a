import { addDays, inclusiveDays, localDay, numberOfDay, startOfDay } from './day.js';
import { phaseOf, type Phase, type Window } from './phase.js';

/** A campaign by its two days, both of which belong to it. */
export interface Span {
  readonly startsOn: string;
  readonly endsOn: string;
}

/** The half-open window of instants: from midnight of the first day to midnight after the last, local time. */
export const windowOf = ({ startsOn, endsOn }: Span): Window => ({
  opensAt: startOfDay(startsOn),
  closesAt: startOfDay(addDays(endsOn, 1)),
});

export interface DayCount {
  readonly phase: Phase;
  /** Day n of `of`; 0 before the first, `of` after the last. */
  readonly day: number;
  readonly of: number;
}

/** "Day 22 of 92" at an instant. */
export function dayCount(span: Span, now: Date): DayCount {
  const of = inclusiveDays(span.startsOn, span.endsOn);
  const day = numberOfDay(localDay(now)) - numberOfDay(span.startsOn) + 1;
  return { phase: phaseOf(windowOf(span), now), day: Math.min(of, Math.max(0, day)), of };
}

/** The day the standings of an instant are about: today, but never outside the campaign. */
export function boardDay({ startsOn, endsOn }: Span, now: Date): string {
  const today = localDay(now);
  if (today < startsOn) return startsOn;
  return today > endsOn ? endsOn : today;
}

/** A day taken out of the reckoning by decision (an outage of the national portal), and perhaps put back later. */
export interface Exclusion {
  readonly day: string;
  readonly decidedAt: Date;
  readonly withdrawnAt: Date | null;
}

/** Which days are out, as known at an instant. */
export const excludedDays = (exclusions: readonly Exclusion[], knownAt: Date): ReadonlySet<string> =>
  new Set(
    exclusions
      .filter(({ decidedAt, withdrawnAt }) => decidedAt <= knownAt && (!withdrawnAt || withdrawnAt > knownAt))
      .map(({ day }) => day),
  );
