/** Digits of one kind, so many of them: what almost every pattern of a throw says. */
export interface Dice {
  readonly low: number;
  readonly high: number;
  /** Undefined: any number from one. */
  readonly count: number | undefined;
}

/** `^[1-6]{20}$` and its like; undefined for any other pattern. */
export function diceIn(pattern: string): Dice | undefined {
  const match = /^\^\[(\d)-(\d)\](?:\{(\d{1,3})\}|\+)\$$/.exec(pattern);
  if (!match || match[1]! > match[2]!) return undefined;
  return { low: Number(match[1]), high: Number(match[2]), count: match[3] ? Number(match[3]) : undefined };
}

/** The pattern that a rule names for them. */
export const dicePattern = ({ low, high, count }: Dice): string =>
  `^[${low}-${high}]${count === undefined ? '+' : `{${count}}`}$`;

/** Short, in any language: `20 × 1–6`; a pattern of another kind as it is. */
export function diceSign(pattern: string): string {
  const dice = diceIn(pattern);
  return dice ? `${dice.count ?? '…'} × ${dice.low}–${dice.high}` : pattern;
}
