import { capDay, type Decision, decide, type PaymentFacts } from './decision.js';
import type { Period, Terms } from './terms.js';

/** One payment of a payer with the entries it holds now. */
export interface Held {
  readonly id: number;
  readonly facts: PaymentFacts;
  /** Entries not voided. */
  readonly entries: readonly HeldEntry[];
}

export interface HeldEntry {
  readonly number: number;
  readonly ordinal: number;
  readonly period: number;
}

/** What must change at one payment. */
export interface Verdict {
  readonly id: number;
  readonly decision: Decision;
  /** Numbers of entries to void. */
  readonly voided: readonly number[];
  /** Ordinals of entries to issue, into the period of the decision. */
  readonly issued: readonly number[];
  /** Numbers of entries on a closed list that this payment no longer earns: they stay, and the draw must strike them. */
  readonly tooLate: readonly number[];
}

/**
 * Decides all payments of one payer again. Precondition: `held` is in the order of issue (batches in the order of their
 * commit; inside a batch moment, source, reference). Promises: entries on closed lists stay and are counted first; what
 * a cap refused gets the place that a void sets free, in the same order; a payer decided twice changes nothing.
 */
export function decideAgain(held: readonly Held[], terms: Terms, periods: readonly Period[]): Verdict[] {
  const closed = new Set(periods.filter((period) => period.closed).map((period) => period.ordinal));
  const earned = new Earnings();
  for (const payment of held)
    for (const entry of payment.entries)
      if (closed.has(entry.period)) earned.add(payment.facts, entry.period, 1);
  return held.map((payment) => {
    const fixed = payment.entries.filter((entry) => closed.has(entry.period));
    if (fixed.length > 0) return standing(payment, fixed, terms, periods);
    const decision = decideNext(payment.facts, terms, periods, earned);
    if (decision.period !== null) earned.add(payment.facts, decision.period, decision.granted);
    return { id: payment.id, decision, tooLate: [], ...changes(payment.entries, decision) };
  });
}

/** A payment whose entries stand on a closed list: nothing changes, but what it would be refused for now is told. */
function standing(
  payment: Held,
  fixed: readonly HeldEntry[],
  terms: Terms,
  periods: readonly Period[],
): Verdict {
  const open = periods.map((period) => ({ ...period, closed: false }));
  const now = decide(payment.facts, terms, open, { day: 0, period: 0, programme: 0 });
  const decision: Decision = {
    ...now,
    refusals: [],
    granted: fixed.length,
    limitedBy: [],
    period: fixed[0]?.period ?? null,
  };
  return {
    id: payment.id,
    decision,
    voided: [],
    issued: [],
    tooLate: fixed.slice(now.granted).map((entry) => entry.number),
  };
}

function decideNext(
  facts: PaymentFacts,
  terms: Terms,
  periods: readonly Period[],
  earned: Earnings,
): Decision {
  const { period } = decide(facts, terms, periods, { day: 0, period: 0, programme: 0 });
  return decide(facts, terms, periods, earned.before(facts, period));
}

function changes(entries: readonly HeldEntry[], { granted, period }: Decision) {
  const kept = entries.filter((entry) => entry.period === period && entry.ordinal <= granted);
  const ordinals = new Set(kept.map((entry) => entry.ordinal));
  const voided = entries.filter((entry) => !kept.includes(entry)).map((entry) => entry.number);
  const issued = Array.from({ length: granted }, (_, index) => index + 1).filter(
    (ordinal) => !ordinals.has(ordinal),
  );
  return { voided, issued };
}

class Earnings {
  private programme = 0;
  private readonly periods = new Map<number, number>();
  private readonly days = new Map<number, number>();

  add(facts: PaymentFacts, period: number, entries: number): void {
    const day = capDay(facts);
    this.programme += entries;
    this.periods.set(period, (this.periods.get(period) ?? 0) + entries);
    this.days.set(day, (this.days.get(day) ?? 0) + entries);
  }

  before(facts: PaymentFacts, period: number | null) {
    return {
      day: this.days.get(capDay(facts)) ?? 0,
      period: period === null ? 0 : (this.periods.get(period) ?? 0),
      programme: this.programme,
    };
  }
}
