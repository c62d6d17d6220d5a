/** Viet Nam keeps one offset all year (UTC+7, no summer time), so a day of Asia/Ho_Chi_Minh is arithmetic. */
const OFFSET = 7 * 3600;

/** The number of the local day, counted from 1970-01-01, that holds this instant (whole seconds since 1970, UTC). */
export function dayOf(at: number): number {
  return Math.floor((at + OFFSET) / 86400);
}

/** The instant at which a local day `2022-08-01` begins, in whole seconds since 1970. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000 - OFFSET;
}

/** The local day with this number, as `2022-08-01`. */
export function dayText(day: number): string {
  return new Date(day * 86400_000).toISOString().slice(0, 10);
}
