/**
 * Exact arithmetic on whole numbers. Everything that is printed or ranked goes through this file:
 * a JavaScript number is used only as long as it is a whole number below 2^53, a product that would leave
 * that range is taken in BigInt, and nothing is ever a binary fraction.
 */

/** `numerator / denominator`, both whole; a denominator of 0 means "no cases", not infinity. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** Points and percentages travel as whole millionths: 12,5 points are 12 500 000. */
export const MILLION = 1_000_000;

export const fraction = (numerator: number, denominator: number): Fraction => ({ numerator, denominator });

/**
 * `a × b / c` rounded half-up to a whole number; halves of negative results go away from zero, as an official
 * table rounds −0,5 to −1. Exact for any safe integers. Precondition: `c` is not 0.
 */
export function timesOver(a: number, b: number, c: number): number {
  const product = a * b;
  if (product <= MAX && product >= -MAX && c <= MAX && c >= -MAX) return quotient(product, c);
  return Number(quotientBig(BigInt(a) * BigInt(b), BigInt(c)));
}

/** Below this, `2·remainder` and `quotient·c` stay exact. */
const MAX = Number.MAX_SAFE_INTEGER / 4;

/** Half-up `a / c` for whole numbers below 2^51. A double's quotient is at most one off; the remainder, exact, says so. */
export function quotient(a: number, c: number): number {
  if (a < 0 !== c < 0 && a !== 0) return -quotient(Math.abs(a), Math.abs(c));
  const top = Math.abs(a);
  const bottom = Math.abs(c);
  let whole = Math.floor(top / bottom);
  let rest = top - whole * bottom;
  if (rest < 0) {
    whole -= 1;
    rest += bottom;
  } else if (rest >= bottom) {
    whole += 1;
    rest -= bottom;
  }
  return rest * 2 >= bottom ? whole + 1 : whole;
}

/** The same for numbers of any size. */
export function quotientBig(a: bigint, c: bigint): bigint {
  const top = a < 0n ? -a : a;
  const bottom = c < 0n ? -c : c;
  const rounded = (2n * top + bottom) / (2n * bottom);
  return a < 0n === c < 0n ? rounded : -rounded;
}

/** −1, 0 or 1: is `left` below, equal to or above `right`. Precondition: denominators above 0. */
export function compare(left: Fraction, right: Fraction): -1 | 0 | 1 {
  const a = left.numerator * right.denominator;
  const b = right.numerator * left.denominator;
  if (Math.abs(a) <= MAX && Math.abs(b) <= MAX) return a < b ? -1 : a > b ? 1 : 0;
  const x = BigInt(left.numerator) * BigInt(right.denominator);
  const y = BigInt(right.numerator) * BigInt(left.denominator);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Sum of numerators over sum of denominators: the only way rates of parts become the rate of the whole. */
export function pooled(parts: readonly Fraction[]): Fraction {
  let numerator = 0;
  let denominator = 0;
  for (const part of parts) {
    numerator += part.numerator;
    denominator += part.denominator;
  }
  return { numerator, denominator };
}

/** The same value in lowest terms, the sign on the numerator. */
export function lowest({ numerator, denominator }: Fraction): Fraction {
  const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0 ? -1 : 1) || 1;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/** The value in millionths, half-up. Precondition: denominator not 0. */
export const millionthsOf = ({ numerator, denominator }: Fraction): number =>
  timesOver(numerator, MILLION, denominator);
