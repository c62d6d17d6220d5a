/**
 * Why a payment earns no lucky code. The list is closed and its order is law: a refusal is stored as the bit of its
 * position, so a new reason is only ever added at the end.
 */
export const REFUSALS = [
  'reversal',
  'superseded',
  'reversed',
  'not-settled',
  'before-window',
  'after-window',
  'period-closed',
  'below-minimum',
  'channel',
  'method',
  'procedure',
  'unit',
  'payer-kind',
  'excluded',
  'cap-day',
  'cap-period',
  'cap-programme',
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** The bit of one reason. */
export function bitOf(refusal: Refusal): number {
  return 1 << REFUSALS.indexOf(refusal);
}

/** All reasons in a stored number, in the order of the list. Promises: `maskOf(reasonsIn(m)) === m` for every mask of known bits. */
export function reasonsIn(mask: number): Refusal[] {
  return REFUSALS.filter((_, position) => (mask & (1 << position)) !== 0);
}

/** The number that stores these reasons; naming one twice changes nothing. */
export function maskOf(refusals: Iterable<Refusal>): number {
  let mask = 0;
  for (const refusal of refusals) mask |= bitOf(refusal);
  return mask;
}
