import { compare, fraction, timesOver, MILLION, millionthsOf, type Fraction } from './fraction.js';
import { casesNeeded } from './evenness.js';
import type { Target } from './plan.js';

/** A dated point of the way to the target. */
export interface Milestone {
  readonly on: number;
  readonly value: Fraction;
}

/** `linear` runs straight between the milestones, `stepped` holds each value until the next day is due. */
export interface Path {
  readonly kind: 'linear' | 'stepped';
  readonly milestones: readonly Milestone[];
}

export type PaceStatus = 'met' | 'ahead' | 'behind' | 'due';

export interface Pace {
  /** Where the path says the unit should stand today, in millionths of 1. */
  readonly expected: number;
  readonly actual: number;
  readonly daysLeft: number;
  /** (T − x) / days left, in millionths of 1 per day; the whole gap when the day has come. */
  readonly required: number;
  /** T·D − n: how many more good cases, at today's denominator. */
  readonly cases: number;
  readonly casesPerDay: number;
  readonly status: PaceStatus;
}

/** The straight way from the baseline on the launch day to the target on its due day. */
export const straightPath = (launch: Milestone, target: Target): Path => ({
  kind: 'linear',
  milestones: [launch, { on: target.dueOn, value: target.value }],
});

/** The value of the path on a day, in millionths; before the first milestone it is the first, after the last the last. */
export function expectedOn(path: Path, day: number): number {
  const ordered = path.milestones.toSorted((a, b) => a.on - b.on);
  const next = ordered.findIndex(({ on }) => on > day);
  const before = ordered[next < 0 ? ordered.length - 1 : next - 1];
  const after = ordered[next];
  if (!before) return after ? millionthsOf(after.value) : 0;
  if (!after || path.kind === 'stepped') return millionthsOf(before.value);
  const [from, to] = [millionthsOf(before.value), millionthsOf(after.value)];
  return from + timesOver(to - from, day - before.on, after.on - before.on);
}

/** Where a rate stands on its path on a day. Precondition: the rate has cases. */
export function paceOf(rate: Fraction, target: Target, path: Path, day: number): Pace {
  const expected = expectedOn(path, day);
  const actual = millionthsOf(rate);
  const daysLeft = Math.max(0, target.dueOn - day);
  const cases = casesNeeded(rate, target);
  const higher = target.operator !== '<=' && target.operator !== '<';
  const gap = Math.max(0, (higher ? 1 : -1) * (millionthsOf(target.value) - actual));
  const onPath = compare(rate, fraction(expected, MILLION)) * (higher ? 1 : -1) >= 0;
  return {
    expected,
    actual,
    daysLeft,
    required: daysLeft > 0 ? timesOver(gap, 1, daysLeft) : gap,
    cases,
    casesPerDay: daysLeft > 0 ? Math.ceil(cases / daysLeft) : cases,
    status: cases === 0 ? 'met' : daysLeft === 0 ? 'due' : onPath ? 'ahead' : 'behind',
  };
}
