import { dayOf, startOfDay } from '../../rules/eligibility/day.js';
import { bitOf } from '../../rules/eligibility/refusal.js';
import type { Period } from '../../rules/eligibility/terms.js';
import type { BatchPayers } from './batch-payers.js';
import type { BatchRows } from './batch-rows.js';
import type { Plan } from './plan.js';

/** What the payers of this batch had earned before it; missing: nothing. */
export interface Prior {
  readonly programme: (payer: number) => number;
  readonly period: (payer: number, ordinal: number) => number;
  readonly day: (payer: number, day: number) => number;
}

export const NOTHING_EARNED: Prior = { programme: () => 0, period: () => 0, day: () => 0 };

export interface BatchDecision {
  /** Rows in the order of issue. */
  readonly order: Uint32Array;
  /** Entries per row. */
  readonly granted: Uint32Array;
  readonly wanted: Uint32Array;
  /** Ordinal of the period per row, 0: none. */
  readonly period: Uint8Array;
  readonly entries: number;
}

const CLOSED = bitOf('period-closed');
const CAPS = { day: bitOf('cap-day'), period: bitOf('cap-period'), programme: bitOf('cap-programme') };

/**
 * The bulk path of `decide`: same answers, a million rows at a time. Final refusals are left in the rows.
 * Order of issue inside a batch: moment of payment, then reference (a batch has one source).
 */
export function decideBatch(
  rows: BatchRows,
  payers: BatchPayers,
  plan: Plan,
  prior: Prior,
  excluded: Uint8Array | null,
  reversed: ReadonlyMap<number, number>,
): BatchDecision {
  const order = orderOfIssue(rows);
  const granted = new Uint32Array(rows.size);
  const wanted = new Uint32Array(rows.size);
  const period = new Uint8Array(rows.size);
  const judge = new Judge(rows, plan, excluded, reversed);
  const caps = new CapCounter(payers.size, plan, prior);
  let entries = 0;
  for (const row of order) {
    if (rows.isDropped(row)) continue;
    period[row] = judge.periodOf(rows.paidAt[row]!);
    wanted[row] = judge.wanted(row);
    rows.refuse(row, judge.refusals(row, period[row], wanted[row]));
    if (rows.refusals(row) !== 0) continue;
    granted[row] = caps.take(rows.payer[row]!, period[row], rows.paidAt[row]!, wanted[row]);
    if (granted[row] === 0) rows.refuse(row, caps.exhausted);
    entries += granted[row];
  }
  return { order, granted, wanted, period, entries };
}

/** Rows by moment, ties by the bytes of the reference. */
export function orderOfIssue(rows: BatchRows): Uint32Array {
  const { size, paidAt } = rows;
  // A positive double sorts as its bits do: moment above, row below, so the native sort does it all.
  const keys = new Float64Array(size);
  const words = new Uint32Array(keys.buffer);
  for (let row = 0; row < size; row++) {
    words[2 * row + 1] = paidAt[row]! >>> 1;
    words[2 * row] = ((paidAt[row]! & 1) << 31) | row;
  }
  keys.sort();
  const order = new Uint32Array(size);
  for (let at = 0; at < size; at++) order[at] = words[2 * at]! & 0xffffff;
  for (let from = 0; from < size;) {
    let to = from + 1;
    while (to < size && paidAt[order[to]!] === paidAt[order[from]!]) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => rows.compareReferences(a, b));
    from = to;
  }
  return order;
}

/** The first period open at an instant, as a function that a million rows can ask; 0: none. */
export function periodFinder(periods: readonly Period[]): (at: number) => number {
  const open = periods.filter((period) => !period.closed);
  return (at) => {
    for (const period of open) if (at < period.cutoffAt) return period.ordinal;
    return 0;
  };
}

class Judge {
  private readonly opensAt: number;
  private readonly closesAt: number;
  private readonly minimum: number;
  private readonly step: number;
  private readonly find: (at: number) => number;
  private readonly recordedIn: number;
  private readonly bits = {
    reversal: bitOf('reversal'),
    reversed: bitOf('reversed'),
    before: bitOf('before-window'),
    after: bitOf('after-window'),
    minimum: bitOf('below-minimum'),
    excluded: bitOf('excluded'),
  };

  constructor(
    private readonly rows: BatchRows,
    plan: Plan,
    private readonly excluded: Uint8Array | null,
    private readonly reversed: ReadonlyMap<number, number>,
  ) {
    const { terms } = plan;
    this.opensAt = startOfDay(terms.opensOn);
    this.closesAt = startOfDay(terms.closesOn) + 86400;
    this.minimum = terms.minimumAmount;
    this.step = terms.entries.rule === 'one' ? 0 : (terms.entries.step ?? Infinity);
    this.find = periodFinder(plan.periods);
    this.recordedIn = terms.cutoffBy === 'recorded' ? this.find(plan.recordedAt) : -1;
  }

  periodOf(paidAt: number): number {
    return this.recordedIn >= 0 ? this.recordedIn : this.find(paidAt);
  }

  wanted(row: number): number {
    const net = this.net(row);
    if (net <= 0 || this.rows.isReversal(row)) return 0;
    return (this.step === 0 ? 1 : Math.floor(net / this.step)) * Math.max(1, this.rows.factor(row));
  }

  refusals(row: number, period: number, wanted: number): number {
    const { bits, rows } = this;
    if (rows.isReversal(row)) return bits.reversal;
    const paidAt = rows.paidAt[row]!;
    const net = this.net(row);
    let mask = net <= 0 ? bits.reversed : net < this.minimum || wanted === 0 ? bits.minimum : 0;
    if (paidAt < this.opensAt) mask |= bits.before;
    else if (paidAt >= this.closesAt) mask |= bits.after;
    else if (period === 0) mask |= CLOSED;
    if (this.excluded?.[rows.payer[row]!]) mask |= bits.excluded;
    return mask;
  }

  private net(row: number): number {
    const amount = this.rows.amount[row]!;
    return this.reversed.size === 0 ? amount : amount - (this.reversed.get(row) ?? 0);
  }
}

/** Places used up per payer, consumed in the order of issue. */
class CapCounter {
  /** Bits of the caps that left nothing at the last `take`. */
  exhausted = 0;
  private readonly programme: Uint32Array | null;
  private readonly period: (Uint32Array | undefined)[] = [];
  private readonly day: Int32Array | null;
  private readonly dayCount: Uint32Array | null;

  constructor(
    private readonly payers: number,
    private readonly plan: Plan,
    private readonly prior: Prior,
  ) {
    const { caps } = plan.terms;
    this.programme =
      caps.programme === null
        ? null
        : Uint32Array.from({ length: payers }, (_, payer) => prior.programme(payer));
    this.day = caps.day === null ? null : new Int32Array(payers).fill(-1);
    this.dayCount = caps.day === null ? null : new Uint32Array(payers);
  }

  take(payer: number, period: number, paidAt: number, wanted: number): number {
    const { caps } = this.plan.terms;
    const inPeriod = caps.period === null ? null : this.ofPeriod(period);
    if (this.day) this.turnTo(payer, dayOf(paidAt));
    const left = {
      day: caps.day === null ? Infinity : caps.day - this.dayCount![payer]!,
      period: caps.period === null ? Infinity : caps.period - inPeriod![payer]!,
      programme: caps.programme === null ? Infinity : caps.programme - this.programme![payer]!,
    };
    const granted = Math.max(
      0,
      Math.min(wanted, caps.payment ?? Infinity, left.day, left.period, left.programme),
    );
    this.exhausted =
      (left.day <= 0 ? CAPS.day : 0) |
      (left.period <= 0 ? CAPS.period : 0) |
      (left.programme <= 0 ? CAPS.programme : 0);
    if (granted === 0) return 0;
    if (this.dayCount) this.dayCount[payer]! += granted;
    if (inPeriod) inPeriod[payer]! += granted;
    if (this.programme) this.programme[payer]! += granted;
    return granted;
  }

  private ofPeriod(ordinal: number): Uint32Array {
    return (this.period[ordinal] ??= Uint32Array.from({ length: this.payers }, (_, payer) =>
      this.prior.period(payer, ordinal),
    ));
  }

  /** Rows come by moment, so a payer's days only go forward. */
  private turnTo(payer: number, day: number): void {
    if (this.day![payer] === day) return;
    this.day![payer] = day;
    this.dayCount![payer] = this.prior.day(payer, day);
  }
}
