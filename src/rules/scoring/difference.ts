import { contenderOf, standingsOf, type Contestant, type GroupStandings } from './standings.js';
import { placeAmong } from './rank.js';
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
 * exactly to the whole difference. The last step is parted into the unit's own progress, which is what its new figures
 * would have done among the others as they stood, and the rest, which is the others'.
 */
export function differencesOf(passage: Passage): Difference[] {
  const [from, corrected, ruled] = [passage.from, passage.corrected, passage.ruled].map(briefs);
  const redrawn = standingsOf(passage.redrawn.plan, passage.redrawn.contestants);
  const stages = [from, corrected, ruled, briefsOf(redrawn)];
  const to = briefs(passage.to);
  return passage.to.plan.groups.flatMap((group) => {
    const alone = aloneIn(passage, group, redrawn);
    return group.units.map((unit) => {
      const path = [...stages.map((stage) => stage?.get(unit) ?? null), alone(unit), to.get(unit) ?? null];
      const moves = CAUSES.map((cause, index) => moveOf(cause, path[index] ?? null, path[index + 1] ?? null));
      return { unit, group: group.code, before: path[0] ?? null, after: path.at(-1) ?? null, moves };
    });
  });
}

const briefs = ({ plan, contestants }: Situation): Map<number, Standing> =>
  briefsOf(standingsOf(plan, contestants));

const briefsOf = (standings: readonly GroupStandings[]): Map<number, Standing> =>
  new Map(
    standings.flatMap(({ rows }) =>
      rows.map(({ unit, score, place }) => [unit, { published: score.published, rank: place.rank }]),
    ),
  );

/** A unit with its new figures, everyone else of the group as they stood. */
function aloneIn({ redrawn, to }: Passage, group: Group, standings: readonly GroupStandings[]) {
  const stood = standings.find((one) => one.group === group.code);
  const totals = stood?.totals ?? {};
  const others = (stood?.rows ?? []).flatMap(({ unit }) => {
    const contestant = redrawn.contestants.get(unit);
    return contestant ? [contenderOf(redrawn.plan, group, totals, contestant)] : [];
  });
  return (unit: number): Standing | null => {
    const own = to.contestants.get(unit);
    if (!own) return null;
    const contender = contenderOf(redrawn.plan, group, totals, own);
    const among = others.filter((other) => other.unit !== unit);
    return { published: contender.score, rank: placeAmong(contender, among, redrawn.plan.ranking) };
  };
}

function moveOf(cause: Cause, before: Standing | null, after: Standing | null): Move {
  const points = before && after ? after.published - before.published : 0;
  const places = before?.rank && after?.rank ? before.rank - after.rank : null;
  return { cause, points, places };
}
