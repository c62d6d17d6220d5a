import type { IndicatorVersion } from '../indicators/indicators.queries.js';
import { grouped } from '../platform/tables/grouped.js';
import { seriesKey, type Cell, type Note } from './cell.js';
import type { StoredReading } from './readings.queries.js';

/** Days as text sort as days. */
export const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type Window = Pick<Cell, 'fromOn' | 'toOn'>;
const byDay = <T extends Window>(windows: readonly T[]) =>
  windows.toSorted((a, b) => order(a.toOn, b.toOn) || order(a.fromOn, b.fromOn));

/**
 * Running totals since the launch as the increments they are made of: each row becomes the window since the row (or stored reading)
 * before it. A total that falls is noted; it needs a correction of the one before.
 */
export function increments(
  cells: readonly Cell[],
  stored: readonly StoredReading[],
  startsOn: string,
  note: Note,
): Cell[] {
  const before = grouped(stored, seriesKey);
  return [...grouped(cells, seriesKey)].flatMap(([key, series]) => {
    const ordered = byDay(series);
    const firstDay = ordered[0]?.fromOn ?? startsOn;
    const earlier = (before.get(key) ?? []).filter(({ toOn }) => toOn <= firstDay);
    let [numerator, denominator] = [sum(earlier, 'numerator'), sum(earlier, 'denominator')];
    let from = earlier.reduce((last, { toOn }) => (toOn > last ? toOn : last), startsOn);
    return ordered.flatMap((cell) => {
      if (cell.numerator === null) return [cell];
      if (cell.numerator < numerator || (cell.denominator ?? denominator) < denominator) {
        const got = [cell.numerator, cell.denominator].filter((n) => n !== null).join(' / ');
        note(cell.row, 'numerator', 'falling', got, `≥ ${[numerator, denominator].join(' / ')}`);
        return [];
      }
      const step = {
        ...cell,
        fromOn: from,
        numerator: cell.numerator - numerator,
        denominator: cell.denominator === null ? null : cell.denominator - denominator,
      };
      [numerator, denominator, from] = [cell.numerator, cell.denominator ?? 0, cell.toOn];
      if (step.denominator === null || step.numerator <= step.denominator) return [step];
      note(cell.row, 'numerator', 'numerator-above-denominator', step.numerator, `≤ ${step.denominator}`);
      return [];
    });
  });
}

const sum = (readings: readonly StoredReading[], field: 'numerator' | 'denominator') =>
  readings.reduce((total, reading) => total + (reading[field] ?? 0), 0);

/** The same cell twice in one delivery; the first is kept. */
export function withoutTwins(cells: readonly Cell[], keyOf: (cell: Cell) => string, note: Note): Cell[] {
  const first = new Map<string, Cell>();
  for (const cell of cells) {
    const twin = first.get(keyOf(cell));
    if (twin) note(cell.row, 'day', 'cell-twice', cell.fromOn, `row ${twin.row}`);
    else first.set(keyOf(cell), cell);
  }
  return [...first.values()];
}

/** What the new cells would do to the series they join: flows counted twice, totals that fall. */
export function seriesFaults(
  cells: readonly Cell[],
  stored: readonly StoredReading[],
  indicators: ReadonlyMap<number, IndicatorVersion>,
  note: Note,
): void {
  const old = grouped(stored, seriesKey);
  for (const [key, series] of grouped(cells, seriesKey)) {
    const kind = indicators.get(series[0]?.indicatorId ?? 0)?.kind;
    if (kind !== 'flow' && kind !== 'cumulative') continue;
    const replaced = new Set(series.map(({ fromOn, toOn }) => `${fromOn} ${toOn}`));
    const rest = (old.get(key) ?? []).filter(
      ({ fromOn, toOn, withdrawn }) => !withdrawn && !replaced.has(`${fromOn} ${toOn}`),
    );
    const all = byDay<Cell>([...series, ...rest.map((reading) => ({ ...reading, row: 0 }))]);
    for (const [at, cell] of all.entries()) {
      const before = all[at - 1];
      if (!before || (cell.row === 0 && before.row === 0)) continue;
      const told = cell.row || before.row;
      if (kind === 'flow' && cell.fromOn < before.toOn)
        note(
          told,
          'day',
          'window-overlaps',
          `${cell.fromOn} … ${cell.toOn}`,
          `${before.fromOn} … ${before.toOn}`,
        );
      if (
        kind === 'cumulative' &&
        ((cell.numerator ?? 0) < (before.numerator ?? 0) ||
          (cell.denominator ?? 0) < (before.denominator ?? 0))
      )
        note(told, 'numerator', 'falling', figures(cell), `≥ ${figures(before)} (${before.toOn})`);
    }
  }
}

const figures = ({ numerator, denominator }: Cell) =>
  [numerator, denominator].filter((n) => n !== null).join(' / ');
