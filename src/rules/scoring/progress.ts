import { pointsOn } from './curve.js';
import { fraction, type Fraction } from './fraction.js';
import type { Indicator } from './plan.js';
import type { Points } from './curve.js';

/**
 * The progress board asks how much of the way from its own baseline to the target a unit has gone, with the weights
 * of the level board: (x − b) / (T − b), 0 to 1. A unit whose baseline already met the target has "maintained" and
 * keeps full points for as long as it stays there. Points gained alone would favour those who started low.
 */
export function progressOn(indicator: Indicator, weight: number, baseline: Fraction | null): Points {
  const curve = { kind: 'gap-closed', cap: fraction(1, 1) } as const;
  const from = baseline && baseline.denominator > 0 ? baseline : undefined;
  return pointsOn({ ...indicator, curve }, weight, from);
}

/** Score now minus score then, both as published, in millionths; `null` where either is missing. */
export const gained = (now: number | null, then: number | null): number | null =>
  now === null || then === null ? null : now - then;
