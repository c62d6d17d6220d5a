import { quotientBig, type Fraction } from './fraction.js';

/**
 * Wilson's 95 % interval of a share in millionths, rounded half-up, with integer arithmetic only (z = 1,959964).
 * It says how far a rate of few cases can be trusted: 0 of 2 may be anything up to 65,8 %.
 * Precondition: 0 ≤ numerator ≤ denominator, denominator above 0.
 */
export function wilson({ numerator, denominator }: Fraction): { low: number; high: number } {
  const [x, n] = [BigInt(numerator), BigInt(denominator)];
  // With z² = Z/S²: centre = (2x·S² + Z) / (2(n·S² + Z)), half width = z·√(Z + 4x(n−x)S²/n) / (2(n·S² + Z)).
  const under = 2n * (n * S * S + Z * Z);
  const centre = 2n * x * S * S + Z * Z;
  const root = squareRoot((Z * Z + quotientBig(4n * x * (n - x) * S * S, n)) * FINE * FINE);
  const half = quotientBig(Z * root, FINE);
  return { low: clipped(centre - half, under), high: clipped(centre + half, under) };
}

/** The whole square root, rounded down (Newton). */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let guess = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

const Z = 1_959_964n;
const S = 1_000_000n;
const FINE = 1_000n;

function clipped(above: bigint, under: bigint): number {
  const value = Number(quotientBig(above * 1_000_000n, under));
  return Math.min(1_000_000, Math.max(0, value));
}
