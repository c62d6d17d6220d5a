import type { Cut } from './cut.js';
import type { Obstacle } from './gate.queries.js';

/** Cells of the last day that nobody reported, that are still awaited, or that cannot be right. */
export function cellObstacles(cut: Cut): Obstacle[] {
  const states = cut
    .standings(cut.contest.days - 1)
    .flatMap(({ rows }) => rows.flatMap(({ score }) => score.parts.map(({ cell }) => cell.state)));
  const codes = ['missing', 'waiting', 'refused'] as const;
  return codes
    .map((code) => ({ code, n: states.filter((state) => state === code).length }))
    .filter(({ n }) => n > 0);
}
