import type { Fraction } from '../rules/scoring/fraction.js';
import type { Contest } from './contest.js';
import type { RawReading } from './cube-filling.js';

/** One reading that counts, in the cube's own numbers. */
export interface CubeFact {
  /** Position among the plan's indicators, and row of the unit. */
  readonly slot: number;
  readonly row: number;
  /** First day and day after the last, counted from the campaign's first day; may lie before it. */
  readonly from: number;
  readonly until: number;
  readonly numerator: number;
  /** 1 where only a count is reported. */
  readonly denominator: number;
  /** A percentage without its counts: scored, never added. */
  readonly percentOnly: boolean;
  readonly derived: boolean;
}

/**
 * All figures of a campaign in memory: what each unit reported for each day, and what that makes by each day, over
 * time and up the tree. Rebuilt from the readings at any time; holds nothing of its own.
 * Layout: `[(day · slots + slot) · rows + row]`; a denominator of −1 means no figure.
 */
export class FactCube {
  readonly rows: number;
  readonly slots: number;
  readonly days: number;
  readonly unitOf: readonly number[];
  /** Reported for the day itself. */
  readonly reportedN: Float64Array;
  readonly reportedD: Float64Array;
  /** Reached by the day, parts included. */
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
  /** By `slot · rows + row`: percentages by day, last figures from before the launch, flows of several days. */
  readonly percentages = new Map<number, Map<number, Fraction>>();
  readonly before = new Map<number, { readonly day: number; readonly figure: Fraction }>();
  readonly stretches = new Map<number, CubeFact[]>();
  /** Of plain figures, since when they count (microseconds since 1970-01-01, 0: not plain); only what is followed keeps it. */
  readonly approved: Float64Array | null;
  /** By `slot · rows + row`: readings that are not plain, as they came. */
  readonly others = new Map<number, RawReading[]>();
  private readonly rowByUnit: Map<number, number>;
  /** Row of the unit above, or −1; always smaller than the own row. */
  readonly above: Int32Array;
  readonly adds: readonly boolean[];
  readonly flows: readonly boolean[];
  readonly counts: readonly boolean[];

  constructor(
    readonly contest: Contest,
    follows = false,
  ) {
    const same = contest.passages.flatMap(({ how, unitId, below }) =>
      how === 'same' ? [[unitId, below] as const] : [],
    );
    this.unitOf = topDown(contest, new Set(same.map(([unit]) => unit)));
    this.rowByUnit = new Map(this.unitOf.map((unit, row) => [unit, row]));
    // One unit under two names has one row.
    for (const [unit, main] of same) this.rowByUnit.set(unit, this.rowOf(main ?? 0));
    this.rows = this.unitOf.length;
    this.slots = contest.indicators.length;
    this.days = contest.days;
    this.above = Int32Array.from(this.unitOf, (unit) => this.rowOf(contest.units.get(unit)?.parentId ?? 0));
    this.adds = contest.indicators.map(({ rule }) => ['flow', 'stock', 'cumulative'].includes(rule.kind));
    this.flows = contest.indicators.map(({ rule }) => rule.kind === 'flow');
    this.counts = contest.indicators.map(({ form }) => form === 'count');
    const size = this.days * this.slots * this.rows;
    this.approved = follows ? new Float64Array(size) : null;
    this.reportedN = new Float64Array(size);
    this.reportedD = new Float64Array(size).fill(-1);
    this.numerators = new Float64Array(size);
    this.denominators = new Float64Array(size).fill(-1);
  }

  rowOf(unit: number): number {
    return this.rowByUnit.get(unit) ?? -1;
  }

  at(day: number, slot: number, row: number): number {
    return (day * this.slots + slot) * this.rows + row;
  }

  cell(slot: number, row: number): number {
    return slot * this.rows + row;
  }

  /** The figure reached by a day; `null` when nothing was reported. */
  figure(day: number, slot: number, row: number): Fraction | null {
    const at = this.at(day, slot, row);
    const denominator = this.denominators[at] ?? -1;
    return denominator < 0 ? null : { numerator: this.numerators[at] ?? 0, denominator };
  }

  /** What was reported for one day. */
  reported(day: number, slot: number, row: number): Fraction | null {
    const at = this.at(day, slot, row);
    const denominator = this.reportedD[at] ?? -1;
    return denominator < 0 ? null : { numerator: this.reportedN[at] ?? 0, denominator };
  }
}

/** Units with every parent before its children. */
function topDown({ units }: Contest, left: ReadonlySet<number>): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (id: number, depth: number): void => {
    const unit = units.get(id);
    if (!unit || seen.has(id) || left.has(id) || depth > units.size) return;
    if (unit.parentId !== null && !seen.has(unit.parentId)) visit(unit.parentId, depth + 1);
    if (seen.has(id)) return;
    seen.add(id);
    order.push(id);
  };
  for (const id of units.keys()) visit(id, 0);
  return order;
}
