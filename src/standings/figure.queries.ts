import type { DataSource } from 'typeorm';
import { numberOfDay } from '../rules/calendar/day.js';
import { addsUpTheTree, overTime, upTheTree, type Fact } from '../rules/scoring/fact.js';
import type { Fraction } from '../rules/scoring/fraction.js';
import type { Contest, ContestIndicator } from './contest.js';
import type { Cut } from './cut.js';
import { counted } from './fact-source.js';

/** A stretch of days, both ends part of it. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

export interface Figure {
  readonly counts: Fraction | null;
  /** Why there is none: nobody reported, a report lies across an end of the window, it was not counted for this window. */
  readonly why: 'missing' | 'straddles-window' | 'not-additive' | 'falling' | null;
  /** How many readings it is made of. */
  readonly readings: number;
}

/**
 * What a unit and all below it reached within any days, from the readings themselves: a report may print windows that
 * overlap. What is counted anew for each window is the unit's own, for exactly that window.
 */
export async function figureOf(
  db: DataSource,
  { contest, knownAt }: Pick<Cut, 'contest' | 'knownAt'>,
  unitId: number,
  indicator: ContestIndicator,
  { from, to }: Stretch,
): Promise<Figure> {
  const { kind } = indicator.rule;
  const window = { from: numberOfDay(from), until: numberOfDay(to) + 1 };
  const facts = await factsOf(db, contest, knownAt, {
    indicatorId: indicator.id,
    units: addsUpTheTree(kind) ? treeUnder(contest, unitId) : [unitId],
  });
  if (kind !== 'flow') for (const unit of saidAnew(contest, facts, window)) facts.delete(unit);
  const sums = [...facts.values()].map((own) => overTime(kind, own, window));
  const fault = sums.find((sum) => sum.counts === null && sum.why !== 'missing');
  if (fault?.counts === null) return { counts: null, why: fault.why, readings: 0 };
  const known = sums.filter((sum) => sum.counts !== null);
  const parts = known.map(({ counts }) => counts);
  const counts = addsUpTheTree(kind) ? upTheTree(kind, parts) : (parts[0] ?? null);
  const readings = known.reduce((count, { used }) => count + used.length, 0);
  return { counts, why: counts === null ? 'missing' : null, readings };
}

/** States that others have taken over and reported anew count under these alone. */
function saidAnew(
  { handovers }: Contest,
  facts: ReadonlyMap<number, readonly Fact[]>,
  { until }: { until: number },
): number[] {
  const reports = (unit: number, on: number) =>
    (facts.get(unit) ?? []).some((fact) => fact.until > on && fact.until <= until);
  const told = [...new Set(handovers.map(({ from }) => from))];
  return told.filter((unit) => {
    const heirs = handovers.filter(({ from }) => from === unit);
    return heirs.every(({ to, on }) => reports(to, on));
  });
}

function treeUnder({ units, passages }: Contest, unitId: number): number[] {
  const under = new Set([unitId]);
  for (let before = 0; before < under.size;) {
    before = under.size;
    for (const { id, parentId } of units.values())
      if (parentId !== null && under.has(parentId)) under.add(id);
    // Who was divided belongs to whoever holds all of its parts.
    for (const { how, unitId: gone, kin } of passages)
      if (how === 'divided' && kin.every((part) => under.has(part.unitId))) under.add(gone);
  }
  return [...under];
}

async function factsOf(
  db: DataSource,
  { id, excluded }: Contest,
  knownAt: Date | null,
  { indicatorId, units }: { indicatorId: number; units: readonly number[] },
): Promise<Map<number, Fact[]>> {
  const rows = await db.query<(Fact & { unit: number })[]>(
    `select unit_id as unit, from_on - date '1970-01-01' as from, to_on - date '1970-01-01' as until,
            numerator::float8 as numerator, denominator::float8 as denominator
       from reading r where campaign_id = $1 and indicator_id = $2 and unit_id = any($3) and denominator is not null
        and ${counted(knownAt)}`,
    [id, indicatorId, units],
  );
  const facts = new Map<number, Fact[]>();
  for (const { unit, ...fact } of rows) {
    const isExcluded = fact.until - fact.from === 1 && excluded.has(fact.from);
    if (!isExcluded) facts.set(unit, [...(facts.get(unit) ?? []), fact]);
  }
  return facts;
}
