import { quotientOf, type Decimal } from './decimal.js';

/** When a unit was there to report; half-open, `until` empty for "still there". */
export interface Lifetime {
  readonly from: number;
  readonly until: number | null;
}

/** How many of the days a report was due on did the unit exist: units not yet or no longer there are not late. */
export const expectedOf = (due: readonly number[], { from, until }: Lifetime): number =>
  due.filter((day) => day >= from && (until === null || day < until)).length;

/** Share of the expected reports that came, in percent, never above 100; `null` where none was expected. */
export function reportingRate(actual: number, expected: number | null, decimals: number): Decimal | null {
  if (expected === null) return null;
  if (expected === 0) return quotientOf({ numerator: 0, denominator: 1 }, decimals);
  return quotientOf({ numerator: Math.min(actual, expected) * 100, denominator: expected }, decimals);
}
