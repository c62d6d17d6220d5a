import type { Contest, ContestUnit, UnitAdjustment } from './contest.js';
import { cellKey } from './contest.js';
import type { FactCube } from './fact-cube.js';
import { meets } from '../rules/scoring/curve.js';
import { fraction, pooled, type Fraction } from '../rules/scoring/fraction.js';
import { historyOf, lanesOf, ownScoreOn, scoreOn, type History } from '../rules/scoring/history.js';
import type { Background, Lane } from '../rules/scoring/lane.js';
import type { Plan } from '../rules/scoring/plan.js';
import { standingsOf, type Contestant, type GroupStandings } from '../rules/scoring/standings.js';
import type { Evidence } from '../rules/scoring/treatment.js';
import { Trails } from './trails.js';

/** Scores and places of one day, by row of the cube. */
export interface DayPlaces {
  readonly level: History;
  readonly progress: History;
}

/**
 * A cut of all inputs at one known-at instant: contest and figures. Standings of any day of it are functions of the
 * cut alone. A live cut moves with the readings; `version` says so.
 */
export class Cut {
  version = 0;
  private readonly days = new Map<number, DayPlaces>();
  private all: History | null = null;
  /** Does anybody join or leave in the middle? */
  private readonly comesAndGoes: boolean;
  private readonly trails = new Trails();
  private readonly lanes = new Map<Plan, { readonly level: Lane[]; readonly progress: Lane[] }>();

  constructor(
    readonly contest: Contest,
    readonly cube: FactCube,
    readonly knownAt: Date | null,
  ) {
    this.comesAndGoes = [...contest.units.values()].some(
      ({ joined, left }) => joined !== null || left !== null,
    );
  }

  /** Forgets what was worked out; called after the cube moved: in these rows, or anywhere. */
  moved(rows?: Iterable<number>): void {
    this.version++;
    this.trails.forget(rows);
    this.days.clear();
    this.all = null;
    for (const { level, progress } of this.lanes.values())
      for (const lane of [...level, ...progress]) lane.forget();
  }

  /** Level and progress of one day, all groups. */
  places(day: number): DayPlaces {
    const known = this.days.get(day);
    if (known) return known;
    const plan = this.planOn(day);
    const only = { from: day, until: day + 1 };
    const { level, progress } = this.lanesFor(plan);
    const places = {
      level: historyOf(plan, this.cube, this.background(true), only, level),
      progress: historyOf(plan, this.cube, this.background(false), only, progress),
    };
    this.days.set(day, places);
    return places;
  }

  /** Level of every day, for replays and small lines. */
  history(): History {
    const { plan, days } = this.contest;
    const all = { from: 0, until: days };
    this.all ??= historyOf(plan, this.cube, this.background(true), all, this.lanesFor(plan).level);
    return this.all;
  }

  /** One unit's published score on some days, −1 where it has no place. */
  scores(group: string, unit: number, days: readonly number[]): readonly number[] {
    const lane = this.lanesFor(this.contest.plan).level.find((one) => one.group.code === group);
    if (!lane) return days.map(() => -1);
    return this.trails.of(this.cube.rowOf(unit), `${group}|${unit}|${days.join()}`, days, {
      own: (day) => (this.takesPart(unit, day) ? ownScoreOn(lane, unit, day) : -1),
      whole: (day) => scoreOn(lane, unit, day),
    });
  }

  /** A group's pooled figures of a day. */
  totals(group: string, day: number): Readonly<Record<string, Fraction>> {
    const lane = this.lanesFor(this.planOn(day)).level.find((one) => one.group.code === group);
    return lane?.totals(day) ?? {};
  }

  private lanesFor(plan: Plan): { readonly level: Lane[]; readonly progress: Lane[] } {
    const known = this.lanes.get(plan);
    if (known) return known;
    const lanes = {
      level: lanesOf(plan, this.cube, this.background(true)),
      progress: lanesOf(progressPlan(plan), this.cube, this.background(false)),
    };
    // Plans of single days come and go where units join and leave; only the contest's own is worth keeping.
    if (plan === this.contest.plan) this.lanes.set(plan, lanes);
    return lanes;
  }

  /** The standings of a day in full, every cell of every unit. */
  standings(day: number): GroupStandings[] {
    const plan = this.planOn(day);
    const units = plan.groups.flatMap(({ units: members }) => members);
    return standingsOf(plan, new Map(units.map((unit) => [unit, this.contestant(unit, day)])));
  }

  /** The plan with only those who take part on a day. */
  planOn(day: number): Plan {
    const { plan } = this.contest;
    if (!this.comesAndGoes) return plan;
    const groups = plan.groups.map((group) => ({
      ...group,
      units: group.units.filter((unit) => this.takesPart(unit, day)),
    }));
    return { ...plan, groups };
  }

  takesPart(unit: number, day: number): boolean {
    const { joined, left } = this.contest.units.get(unit) ?? NOBODY;
    const on = this.contest.start + day;
    return (joined === null || on >= joined) && (left === null || on < left);
  }

  /** All that the score of a unit on a day is made of. */
  contestant(unit: number, day: number): Contestant {
    const { contest } = this;
    const row = this.cube.rowOf(unit);
    const evidence: Record<string, Evidence> = {};
    const baseline: Record<string, Fraction | null> = {};
    const targets: Record<string, Fraction> = {};
    contest.indicators.forEach(({ code }, slot) => {
      evidence[code] = this.evidence(unit, row, slot, day);
      baseline[code] = this.baseline(unit, code);
      const target = contest.targets.get(cellKey(unit, code));
      if (target) targets[code] = target;
    });
    const targetsMetSince = contest.plan.ties.includes('target-met-first')
      ? this.metSince(unit, row, day)
      : null;
    return { unit, evidence, baseline, targets, adjustments: this.adjustmentsIn(unit, day), targetsMetSince };
  }

  baseline(unit: number, code: string): Fraction | null {
    const { baselines, indicators } = this.contest;
    const own = baselines.size > 0 ? baselines.get(cellKey(unit, code)) : undefined;
    return own ?? indicators.find((indicator) => indicator.code === code)?.baseline ?? null;
  }

  /** Bonus and penalty points of a unit that count by a day. */
  adjustmentsIn(unit: number, day: number): readonly UnitAdjustment[] {
    const on = this.contest.start + day;
    return this.contest.adjustments.filter((one) => one.unit === unit && one.from <= on);
  }

  private evidence(unit: number, row: number, slot: number, day: number): Evidence {
    const { contest, cube } = this;
    const code = contest.indicators[slot]?.code ?? '';
    const applicable = !contest.exemptions.has(cellKey(unit, code));
    const counts = row < 0 ? null : cube.figure(day, slot, row);
    const percentage = counts ? null : lastPercentage(cube.percentages.get(cube.cell(slot, row)), day);
    const waiting = this.waits(contest.units.get(unit), day);
    const baseline = this.baseline(unit, code);
    const widened = counts && baseline ? pooled([counts, baseline]) : null;
    const last = row < 0 ? null : (this.lastWithCases(row, slot, day) ?? baseline);
    return {
      counts: counts ?? percentage,
      applicable,
      waiting,
      widened,
      last,
      percentOnly: percentage !== null,
    };
  }

  private waits(unit: ContestUnit | undefined, day: number): boolean {
    const since = Math.max(0, (unit?.joined ?? 0) - this.contest.start);
    return day - since < this.contest.graceDays;
  }

  private lastWithCases(row: number, slot: number, day: number): Fraction | null {
    for (let before = day - 1; before >= 0; before--) {
      const figure = this.cube.figure(before, slot, row);
      if (figure && figure.denominator > 0) return figure;
    }
    return null;
  }

  private metSince(unit: number, row: number, day: number): number {
    const now = this.met(unit, row, day);
    let since = day;
    while (since > 0 && this.met(unit, row, since - 1) >= now) since--;
    return this.contest.start + since;
  }

  private met(unit: number, row: number, day: number): number {
    return this.contest.indicators.filter(({ code, rule }, slot) => {
      const figure = row < 0 ? null : this.cube.figure(day, slot, row);
      if (!figure || !rule.target) return false;
      return meets(
        { ...rule.target, value: this.contest.targets.get(cellKey(unit, code)) ?? rule.target.value },
        figure,
      );
    }).length;
  }

  private background(level: boolean): Background {
    const { contest } = this;
    return {
      rowOf: (unit) => this.cube.rowOf(unit),
      baseline: (unit, code) => this.baseline(unit, code),
      target: (unit, code) =>
        contest.targets.size > 0 ? (contest.targets.get(cellKey(unit, code)) ?? null) : null,
      applies: (unit, code) => contest.exemptions.size === 0 || !contest.exemptions.has(cellKey(unit, code)),
      contestant: (unit, day) => ({ ...this.contestant(unit, day), ...(level ? {} : { adjustments: [] }) }),
      adjusts: level && contest.adjustments.length > 0,
      adjusted: (unit, day) =>
        level && contest.adjustments.length > 0
          ? this.adjustmentsIn(unit, day).reduce((sum, { points }) => sum + points, 0)
          : 0,
    };
  }
}

/** The plan by which progress is scored: the way from the own baseline, no bonus, ties shared. */
export const progressPlan = (plan: Plan): Plan => ({
  ...plan,
  ties: [],
  indicators: plan.indicators.map((indicator) => ({
    ...indicator,
    curve: { kind: 'gap-closed', cap: fraction(1, 1) },
  })),
});

const NOBODY = { joined: null, left: null };

function lastPercentage(days: ReadonlyMap<number, Fraction> | undefined, day: number): Fraction | null {
  if (!days) return null;
  const known = [...days.keys()].filter((on) => on <= day);
  return known.length > 0 ? (days.get(Math.max(...known)) ?? null) : null;
}
