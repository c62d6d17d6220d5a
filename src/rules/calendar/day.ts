/** Calendar days are text, `2022-06-01`, in the campaign's own zone; to reckon with them they are whole numbers. */

const DAY = 86_400_000;
/** Vietnam is seven hours ahead of UTC all the year round, and has been since 1975. */
const AHEAD = 7 * 3_600_000;

/** Days since 1970-01-01. Throws for what is not a day of the calendar (`2022-02-30`). */
export function numberOfDay(day: string): number {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day)
    throw new RangeError(`not a day of the calendar: ${day}`);
  return at / DAY;
}

export const dayOfNumber = (number: number): string => new Date(number * DAY).toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string => dayOfNumber(numberOfDay(day) + days);

/** Both ends counted: 01/06 to 31/08 is 92. */
export const inclusiveDays = (first: string, last: string): number =>
  numberOfDay(last) - numberOfDay(first) + 1;

/** The day it is in Asia/Ho_Chi_Minh at an instant: 17:00 UTC is midnight there. */
export const localDay = (at: Date): string => new Date(at.getTime() + AHEAD).toISOString().slice(0, 10);

/** The instant a day begins in Asia/Ho_Chi_Minh. */
export const startOfDay = (day: string): Date => new Date(numberOfDay(day) * DAY - AHEAD);
