import { lineOf, meets, type Line, type Points } from './curve.js';
import type { Fraction } from './fraction.js';
import { orderingOf, type Ordering } from './ordering.js';
import type { Group, Indicator, Plan, TieBreak } from './plan.js';
import { counted, levelOn, withTarget, type Contestant } from './standings.js';

/** Figures of many units on many days, over time already added: `[(day · indicators + indicator) · rows + row]`. */
export interface Cube {
  readonly days: number;
  readonly rows: number;
  readonly numerators: Float64Array;
  /** Below 0 marks a cell without a figure: nobody reported, or it does not apply. */
  readonly denominators: Float64Array;
}

/** What the cube does not hold. */
export interface Background {
  readonly rowOf: (unit: number) => number;
  readonly baseline: (unit: number, indicator: string) => Fraction | null;
  readonly target: (unit: number, indicator: string) => Fraction | null;
  /** A unit to which something does not apply goes through the full rules every day. */
  readonly applies: (unit: number, indicator: string) => boolean;
  /** The contestant as the full standings see it; asked only for units with an odd cell or in a long tie. */
  readonly contestant: (unit: number, day: number) => Contestant;
  /** Are there bonus or penalty points at all? */
  readonly adjusts: boolean;
  /** Bonus less penalties up to that day, in millionths. */
  readonly adjusted: (unit: number, day: number) => number;
}

/** One indicator of a lane. */
export interface Track {
  readonly indicator: Indicator;
  /** Its position among the plan's indicators, which is its place in the cube. */
  readonly slot: number;
  readonly line: Line | null;
  readonly points: (member: number) => Points;
  readonly meets: (member: number) => (n: number, d: number) => boolean;
}

/** A group, ready to be run over the days: what can be known beforehand, and room to work in. */
export interface Lane {
  readonly plan: Plan;
  readonly group: Group;
  readonly cube: Cube;
  readonly background: Background;
  readonly tracks: readonly Track[];
  readonly rows: Int32Array;
  readonly memberOf: ReadonlyMap<number, number>;
  readonly weight: number;
  /** Millionths of the last published place. */
  readonly unit: number;
  readonly packsTargets: boolean;
  readonly furtherTies: readonly TieBreak[];
  readonly sums: Float64Array;
  readonly met: Uint8Array;
  readonly odd: Uint8Array;
  readonly exempt: Uint8Array;
  readonly ordering: Ordering;
  readonly totals: (day: number) => Readonly<Record<string, Fraction>>;
  /** To be called when the figures have moved. */
  readonly forget: () => void;
}

export function laneOf(plan: Plan, group: Group, cube: Cube, background: Background): Lane {
  const rows = Int32Array.from(group.units, background.rowOf);
  const tracks = counted(plan, group).map((indicator) => trackOf(plan, group, indicator, background));
  const packsTargets = plan.ties[0] === 'indicators-at-target';
  const size = group.units.length;
  const place = 10 ** (6 - plan.decimals);
  return {
    plan,
    group,
    cube,
    background,
    tracks,
    rows,
    weight: tracks.reduce((sum, { indicator }) => sum + (group.weights[indicator.code] ?? 0), 0),
    unit: place,
    packsTargets,
    furtherTies: packsTargets ? plan.ties.slice(1) : plan.ties,
    sums: new Float64Array(size),
    met: new Uint8Array(size),
    odd: new Uint8Array(size),
    exempt: Uint8Array.from(group.units, (unit) =>
      tracks.every(({ indicator }) => background.applies(unit, indicator.code)) ? 0 : 1,
    ),
    // A bonus may carry a score past the total.
    ordering: orderingOf(size, Math.ceil((plan.total * 1.25) / place)),
    memberOf: new Map(group.units.map((id, member) => [id, member])),
    ...oncePerDay((day) => totalsIn({ plan, group, cube, background, tracks, rows }, day)),
  };
}

function trackOf(plan: Plan, group: Group, indicator: Indicator, background: Background): Track {
  const { code, curve, measure } = indicator;
  const weight = group.weights[code] ?? 0;
  const targets = group.units.map((unit) => background.target(unit, code));
  const starts =
    curve.kind === 'gap-closed' ? group.units.map((unit) => background.baseline(unit, code)) : [];
  const own =
    targets.some((target) => target !== null) || starts.some((start) => start && start.denominator > 0);
  // From nothing to the target is the threshold curve.
  const plain =
    curve.kind === 'gap-closed'
      ? { ...indicator, curve: { ...curve, kind: 'threshold' as const } }
      : indicator;
  const variants = own ? group.units.map((_, member) => withTarget(indicator, targets[member])) : [plain];
  const points = variants.map((variant, member) => levelOn(variant, weight, starts[member] ?? null));
  const tests = variants.map(({ target }) =>
    target ? (n: number, d: number) => meets(target, { numerator: n, denominator: d }) : () => false,
  );
  return {
    indicator,
    slot: plan.indicators.indexOf(indicator),
    line: own || measure === 'quotient' ? null : lineOf(plain, weight),
    points: (member) => points[own ? member : 0] ?? NOTHING,
    meets: (member) => tests[own ? member : 0] ?? NEVER,
  };
}

const NOTHING = () => 0;
const NEVER = () => false;

/** The group's pooled figures of one day, as `totalsOf` takes them. */
function totalsIn(
  lane: Pick<Lane, 'plan' | 'group' | 'cube' | 'background' | 'tracks' | 'rows'>,
  day: number,
): Record<string, Fraction> {
  const { plan, group, cube, background, tracks, rows } = lane;
  const totals = tracks.map(({ indicator, slot }) => {
    const offset = (day * plan.indicators.length + slot) * cube.rows;
    let [numerator, denominator] = [0, 0];
    const share = indicator.measure !== 'quotient';
    for (let member = 0; member < rows.length; member++) {
      const n = cube.numerators[offset + rows[member]!]!;
      const d = cube.denominators[offset + rows[member]!]!;
      // Nothing to add, or a figure that cannot be right.
      if (d <= 0 || n < 0 || (share && n > d)) continue;
      if (!background.applies(group.units[member] ?? 0, indicator.code)) continue;
      numerator += n;
      denominator += d;
    }
    return [indicator.code, { numerator, denominator }] as const;
  });
  return Object.fromEntries(totals);
}

/** The last day asked for is kept until it is forgotten. */
function oncePerDay(work: (day: number) => Record<string, Fraction>): Pick<Lane, 'totals' | 'forget'> {
  let last: { day: number; value: Record<string, Fraction> } | null = null;
  return {
    totals: (day) => {
      if (last?.day !== day) last = { day, value: work(day) };
      return last.value;
    },
    forget: () => (last = null),
  };
}
