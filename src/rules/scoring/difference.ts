import type { GroupStandings, Row } from './standings.js';
import { standingsOf, type Contestant } from './standings.js';
import type { Group, Plan } from './plan.js';

/** The inputs of one standings: its plan and what was known of each unit. */
export interface Situation {
  readonly plan: Plan;
  readonly contestants: ReadonlyMap<number, Contestant>;
}

/**
 * From one standings to another, one cause at a time. The caller works out the situations between:
 * - `from`: the first standings as published;
 * - `corrected`: its day and rules, but with what is known now (corrections of old figures);
 * - `ruled`: the same under the new rules version;
 * - `redrawn`: the same on the new tree of units;
 * - `to`: the second standings.
 */
export interface Passage {
  readonly from: Situation;
  readonly corrected: Situation;
  readonly ruled: Situation;
  readonly redrawn: Situation;
  readonly to: Situation;
}

export const CAUSES = ['corrections', 'rules', 'boundaries', 'own-progress', 'others-progress'] as const;
export type Cause = (typeof CAUSES)[number];

export interface Move {
  readonly cause: Cause;
  /** Points in millionths; places, positive is better, `null` where one side has no place. */
  readonly points: number;
  readonly places: number | null;
}

export interface Difference {
  readonly unit: number;
  readonly group: string;
  readonly before: Standing | null;
  readonly after: Standing | null;
  readonly moves: readonly Move[];
}

export interface Standing {
  readonly published: number;
  readonly rank: number | null;
}

/**
 * Why a unit's score and place differ between two standings. The causes are taken in their declared order and add up
 * exactly to the whole difference; the last step is parted into the unit's own progress (its new figures among the others' old ones)
 * and the rest, which is the others'.
 */
export function differencesOf(passage: Passage): Difference[] {
  const stages = [passage.from, passage.corrected, passage.ruled, passage.redrawn, passage.to].map(
    standingOf,
  );
  const [from, corrected, ruled, redrawn, to] = stages;
  if (!from || !corrected || !ruled || !redrawn || !to) return [];
  return passage.to.plan.groups.flatMap((group) =>
    group.units.map((unit) => {
      const alone = aloneIn(passage, group, unit);
      const steps = [from, corrected, ruled, redrawn].map((stage) => stage.get(unit) ?? null);
      const path = [...steps, alone, to.get(unit) ?? null];
      const moves = CAUSES.map((cause, index) => moveOf(cause, path[index] ?? null, path[index + 1] ?? null));
      return { unit, group: group.code, before: path[0] ?? null, after: path.at(-1) ?? null, moves };
    }),
  );
}

const standingOf = ({ plan, contestants }: Situation): Map<number, Standing> =>
  new Map(standingsOf(plan, contestants).flatMap(({ rows }) => rows.map((row) => [row.unit, brief(row)])));

const brief = ({ score, place }: Row): Standing => ({ published: score.published, rank: place.rank });

/** The unit with its new figures, everyone else with the old ones. */
function aloneIn({ redrawn, to }: Passage, group: Group, unit: number): Standing | null {
  const own = to.contestants.get(unit);
  const contestants = new Map(redrawn.contestants);
  if (own) contestants.set(unit, own);
  const plan = { ...to.plan, groups: [group] };
  const row = standingsOf(plan, contestants)
    .flatMap((standings: GroupStandings) => standings.rows)
    .find((candidate) => candidate.unit === unit);
  return row ? brief(row) : null;
}

function moveOf(cause: Cause, before: Standing | null, after: Standing | null): Move {
  const points = (after?.published ?? 0) - (before?.published ?? 0);
  const places = before?.rank && after?.rank ? before.rank - after.rank : null;
  return { cause, points: before && after ? points : 0, places };
}
