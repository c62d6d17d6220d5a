import type { Decimal } from './decimal.js';

/** How the report says it: tăng lên, giảm xuống còn, giữ nguyên. The words are the catalogue's. */
export type Direction = 'up' | 'down' | 'same';

export interface Trend {
  readonly from: Decimal;
  readonly to: Decimal;
  /** Signed difference of the two printed figures, in points. */
  readonly points: Decimal;
  readonly direction: Direction;
}

/**
 * The difference between two figures *as printed*, so that the reader who subtracts gets the same result;
 * it has as many places as the longer of the two. Precondition: both are plain decimal text.
 */
export function trendOf(from: Decimal, to: Decimal): Trend {
  const places = Math.max(placesOf(from), placesOf(to));
  const difference = scaled(to, places) - scaled(from, places);
  const direction = difference > 0n ? 'up' : difference < 0n ? 'down' : 'same';
  return { from, to, points: text(difference, places), direction };
}

/** One trend for each step of a series. */
export const trendsOf = (series: readonly Decimal[]): Trend[] =>
  series.slice(1).map((to, index) => trendOf(series[index] ?? to, to));

const placesOf = (value: Decimal) => value.split('.')[1]?.length ?? 0;

const scaled = (value: Decimal, places: number) =>
  BigInt(value.replace('.', '')) * 10n ** BigInt(places - placesOf(value));

function text(value: bigint, places: number): Decimal {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
  const sign = value < 0n ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
