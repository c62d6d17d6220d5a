/** How many of a unit's own days a figure is held against, and how many there must be. */
export const RECENT = 14;
const ENOUGH = 5;
/** Beyond this many robust standard deviations a figure is worth a second look; 3.5 is Iglewicz and Hoaglin's value. */
const FAR = 3.5;
/** Makes the median absolute deviation of normal data its standard deviation. */
const SCALE = 1.4826;

export interface Jump {
  readonly median: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A figure far from the unit's own recent ones. The spread is at least one twentieth of the median and at least 1, so that a unit
 * that reports the same figure every day may report one more. Undefined: nothing to remark, or too few days to say.
 */
export function jumpFrom(recent: readonly number[], figure: number): Jump | undefined {
  if (recent.length < ENOUGH) return undefined;
  const middle = median(recent);
  const deviation = median(recent.map((one) => Math.abs(one - middle)));
  const reach = FAR * Math.max(SCALE * deviation, Math.abs(middle) / 20, 1);
  if (Math.abs(figure - middle) <= reach) return undefined;
  return { median: middle, from: Math.max(0, Math.floor(middle - reach)), to: Math.ceil(middle + reach) };
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
