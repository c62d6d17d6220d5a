import type { PublicationRow } from './board-acts.queries.js';
import type { StandingsDocument } from './standings-document.js';
import type { Sight } from './sight.service.js';

export interface LastPublished extends PublicationRow {
  readonly document: StandingsDocument;
}

/** How a unit's place moved since the last published standings. */
export interface Change {
  readonly places: number;
  readonly size: number;
  readonly direction: 'up' | 'down' | 'same' | 'new';
  readonly before: number | null;
}

/**
 * Place changes against the last published standings, or `null` where they cannot be compared: there are none, or
 * they stand on other rules or another tree.
 */
export function changesSince(
  last: LastPublished | null,
  sight: Sight,
  group: string,
): Map<number, Change> | null {
  if (!last || whyNotComparable(last, sight)) return null;
  const { cut, day } = sight;
  const { ranks } = cut.places(day).level;
  const before = new Map(
    last.document.groups.find(({ code }) => code === group)?.units.map((unit) => [unit.id, unit.place]),
  );
  const members = cut.planOn(day).groups.find(({ code }) => code === group)?.units ?? [];
  return new Map<number, Change>(
    members.map((unit): [number, Change] => {
      const was = before.get(unit) ?? null;
      const now = ranks[cut.cube.rowOf(unit)] || null;
      if (was === null || now === null) return [unit, { places: 0, size: 0, direction: 'new', before: was }];
      const places = was - now;
      const direction = places > 0 ? 'up' : places < 0 ? 'down' : 'same';
      return [unit, { places, size: Math.abs(places), direction, before: was }];
    }),
  );
}

export function whyNotComparable(last: PublicationRow, { cut }: Sight): 'rules' | 'tree' | null {
  if (last.rules_version_id !== cut.contest.rulesVersionId) return 'rules';
  return last.tree_on === cut.contest.treeOn ? null : 'tree';
}
