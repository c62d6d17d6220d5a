/** A number the law sets for a while: in force from `validFrom` (a local day) until the next row of the same name. */
export interface DatedParameter {
  readonly name: string;
  readonly value: number;
  readonly validFrom: string;
  readonly basis: string;
}

/**
 * The parameter in force on a local day `2026-07-01`.
 * Throws RangeError when none was in force: a figure is never guessed.
 */
export function parameterOn(
  parameters: readonly DatedParameter[],
  name: string,
  day: string,
): DatedParameter {
  const found = parameters
    .filter((parameter) => parameter.name === name && parameter.validFrom <= day)
    .reduce<DatedParameter | undefined>((a, b) => (!a || b.validFrom > a.validFrom ? b : a), undefined);
  if (!found) throw new RangeError(`no ${name} in force on ${day}`);
  return found;
}

/** Tax on one win in whole đồng: `rate` percent of what exceeds the threshold of the day, fractions of a đồng dropped. */
export function prizeTax(value: number, threshold: number, rate: number): number {
  return Math.floor((Math.max(0, value - threshold) * rate) / 100);
}

/** What of unclaimed prizes goes to the state budget, Luật Thương mại 2005 Art. 96.4, in whole đồng, rounded up. */
export function budgetShare(unclaimed: number, percent: number): number {
  return Math.ceil((unclaimed * percent) / 100);
}

/** The local day `days` after a local day. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** How a deadline stands: it warns, it never blocks. */
export function dueState(due: string, today: string, done: boolean): 'done' | 'ahead' | 'soon' | 'overdue' {
  if (done) return 'done';
  if (today > due) return 'overdue';
  return dayAfter(today, 7) >= due ? 'soon' : 'ahead';
}
