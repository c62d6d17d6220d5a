import { dayOf, startOfDay } from './day.js';
import type { Refusal } from './refusal.js';
import type { Caps, PayerKind, Period, Terms } from './terms.js';

/** What the rules need to know of one payment. Amounts in whole đồng, instants in whole seconds since 1970. */
export interface PaymentFacts {
  readonly kind: 'payment' | 'reversal';
  readonly amount: number;
  /** Sum of the reversals linked to it. */
  readonly reversed: number;
  readonly paidAt: number;
  readonly recordedAt: number;
  readonly settled: boolean;
  /** A person decided that another version of this payment stands. */
  readonly superseded: boolean;
  readonly excluded: boolean;
  readonly payerKind: PayerKind;
  readonly channel: string;
  readonly method: string;
  readonly procedure: string;
  readonly unit: string;
}

/** What the payer has already earned, in the order of issue, before this payment. */
export interface Earned {
  readonly day: number;
  readonly period: number;
  readonly programme: number;
}

export interface Decision {
  /** All reasons, not only the first; empty when at least one entry is granted. */
  readonly refusals: Refusal[];
  /** Entries the payment is worth before the caps. */
  readonly wanted: number;
  readonly granted: number;
  /** Caps that took something away, also when something was granted. */
  readonly limitedBy: (keyof Caps)[];
  /** Ordinal of the draw period, or null when none takes it. */
  readonly period: number | null;
}

/**
 * Decides one payment: all reasons for refusal, or the number of entries. Promises to depend on nothing but its
 * arguments; the bulk path and the SQL oracle are held against it. Caps are asked only when nothing else refuses,
 * so that a refused payment never uses up a place.
 */
export function decide(
  payment: PaymentFacts,
  terms: Terms,
  periods: readonly Period[],
  earned: Earned,
): Decision {
  const at = terms.cutoffBy === 'paid' ? payment.paidAt : payment.recordedAt;
  const period = periodAt(at, periods);
  const wanted = entriesOf(payment, terms);
  const refusals = [...refusalsOfState(payment, terms), ...refusalsOfTime(payment, terms, period)];
  refusals.push(...refusalsOfTerms(payment, terms, wanted));
  if (refusals.length > 0) return { refusals, wanted, granted: 0, limitedBy: [], period };
  return { ...withinCaps(wanted, terms.caps, earned), wanted, period };
}

/** The first period that has not reached its cut-off at this instant and still takes entries; null when none does. */
export function periodAt(at: number, periods: readonly Period[]): number | null {
  return periods.find((period) => at < period.cutoffAt && !period.closed)?.ordinal ?? null;
}

/** Entries before the caps: what remains after reversals decides. Never negative, and none for a reversal itself. */
export function entriesOf(payment: PaymentFacts, { entries }: Terms): number {
  const net = payment.amount - payment.reversed;
  if (net <= 0 || payment.kind === 'reversal') return 0;
  const base = entries.rule === 'one' ? 1 : Math.floor(net / (entries.step ?? Infinity));
  const fitting = entries.factors.filter((factor) => payment[factor.field] === factor.value);
  return base * Math.max(1, ...fitting.map((factor) => factor.times));
}

/** The day of the payer's daily cap: the local day on which the payment was made. */
export function capDay(payment: Pick<PaymentFacts, 'paidAt'>): number {
  return dayOf(payment.paidAt);
}

function refusalsOfState(payment: PaymentFacts, terms: Terms): Refusal[] {
  if (payment.kind === 'reversal') return ['reversal'];
  const refusals: Refusal[] = [];
  if (payment.superseded) refusals.push('superseded');
  if (payment.reversed > 0 && payment.reversed >= payment.amount) refusals.push('reversed');
  if (terms.settledOnly && !payment.settled) refusals.push('not-settled');
  return refusals;
}

function refusalsOfTime(payment: PaymentFacts, terms: Terms, period: number | null): Refusal[] {
  if (payment.kind === 'reversal') return [];
  if (payment.paidAt < startOfDay(terms.opensOn)) return ['before-window'];
  if (payment.paidAt >= startOfDay(terms.closesOn) + 86400) return ['after-window'];
  return period === null ? ['period-closed'] : [];
}

function refusalsOfTerms(payment: PaymentFacts, terms: Terms, wanted: number): Refusal[] {
  if (payment.kind === 'reversal') return [];
  const refusals: Refusal[] = [];
  const net = payment.amount - payment.reversed;
  if (net > 0 && (net < terms.minimumAmount || wanted === 0)) refusals.push('below-minimum');
  if (terms.channels && !terms.channels.includes(payment.channel)) refusals.push('channel');
  if (terms.methods && !terms.methods.includes(payment.method)) refusals.push('method');
  if (terms.procedures && !terms.procedures.includes(payment.procedure)) refusals.push('procedure');
  if (terms.units && !terms.units.includes(payment.unit)) refusals.push('unit');
  if (terms.payerKinds && !terms.payerKinds.includes(payment.payerKind)) refusals.push('payer-kind');
  if (payment.excluded) refusals.push('excluded');
  return refusals;
}

function withinCaps(wanted: number, caps: Caps, earned: Earned) {
  const left = {
    payment: caps.payment ?? Infinity,
    day: (caps.day ?? Infinity) - earned.day,
    period: (caps.period ?? Infinity) - earned.period,
    programme: (caps.programme ?? Infinity) - earned.programme,
  };
  const granted = Math.max(0, Math.min(wanted, left.payment, left.day, left.period, left.programme));
  const limitedBy = (['payment', 'day', 'period', 'programme'] as const).filter(
    (name) => left[name] < wanted,
  );
  const exhausted = (['day', 'period', 'programme'] as const).filter((name) => left[name] <= 0);
  const refusals: Refusal[] = granted > 0 ? [] : exhausted.map((name) => `cap-${name}` as const);
  return { refusals, granted, limitedBy };
}
