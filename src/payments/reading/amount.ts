import { digitsAt } from './bytes.js';

const MOST_DIGITS = 13;

/**
 * Whole đồng of a range of bytes: `50000`, with thousands set off by `group` (a dot or comma code, 0: none) in threes.
 * A leading minus gives a negative amount. NaN for decimals, letters, leading zeros, wrong groups or more than 13 digits.
 */
export function amountAt(bytes: Uint8Array, from: number, to: number, group: number): number {
  const negative = bytes[from] === 45;
  const start = negative ? from + 1 : from;
  if (start >= to || (bytes[start] === 48 && to - start > 1)) return Number.NaN;
  const value = group === 0 || to - start <= 3 ? plain(bytes, start, to) : grouped(bytes, start, to, group);
  return negative ? -value : value;
}

function plain(bytes: Uint8Array, from: number, to: number): number {
  const value = to - from > MOST_DIGITS ? -1 : digitsAt(bytes, from, to);
  return value < 0 ? Number.NaN : value;
}

function grouped(bytes: Uint8Array, from: number, to: number, group: number): number {
  const first = bytes.indexOf(group, from);
  if (first < 0 || first >= to) return plain(bytes, from, to);
  let value = first - from >= 1 && first - from <= 3 ? digitsAt(bytes, from, first) : -1;
  if (value < 0 || (to - first) % 4 !== 0 || to - from > MOST_DIGITS + 4) return Number.NaN;
  for (let at = first; at < to; at += 4) {
    const three = bytes[at] === group ? digitsAt(bytes, at + 1, at + 4) : -1;
    if (three < 0) return Number.NaN;
    value = value * 1000 + three;
  }
  return value;
}
