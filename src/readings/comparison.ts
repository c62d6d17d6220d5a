import { grouped } from '../platform/tables/grouped.js';
import { cellKey, seriesKey, type Cell, type Note } from './cell.js';
import type { Entry } from './delivery.js';
import { jumpFrom, RECENT } from './outliers.js';
import { order } from './series.js';
import type { StoredReading } from './readings.queries.js';

export interface Compared {
  readonly added: readonly Entry[];
  readonly corrected: readonly Entry[];
  readonly unchanged: number;
}

/** Sets cells against what stands: new, the same, or a change, which needs a reason and must have seen what it changes. */
export function compared(
  cells: readonly Cell[],
  stored: readonly StoredReading[],
  reason: string | undefined,
  note: Note,
): Compared {
  const heads = new Map(stored.map((reading) => [cellKey(reading), reading]));
  const added: Entry[] = [];
  const corrected: Entry[] = [];
  let unchanged = 0;
  for (const cell of cells) {
    const head = heads.get(cellKey(cell));
    if (!head && cell.seen) note(cell.row, 'numerator', 'cell-changed', figures(cell), '–');
    else if (!head) added.push({ ...cell, supersedesId: null });
    else if (same(head, cell)) unchanged++;
    else if (cell.seen !== undefined && cell.seen !== head.id)
      note(cell.row, 'numerator', 'cell-changed', figures(cell), figures(head));
    else if (!reason?.trim()) note(cell.row, 'numerator', 'cell-differs', figures(cell), figures(head));
    else corrected.push({ ...cell, supersedesId: head.id });
  }
  return { added, corrected, unchanged };
}

type Figures = Pick<Cell, 'numerator' | 'denominator' | 'value'>;

const same = (a: StoredReading, b: Figures) =>
  !a.withdrawn &&
  a.numerator === b.numerator &&
  a.denominator === b.denominator &&
  sameValue(a.value, b.value);
const sameValue = (a: string | null, b: string | null) =>
  a === null || b === null ? a === b : Number(a) === Number(b);

export const figures = ({ numerator, denominator, value }: Figures) =>
  numerator === null ? (value ?? '–') : [numerator, denominator].filter((n) => n !== null).join(' / ');

/** Notes figures that jump away from the unit's own recent days; what stands already is history, not suspect. */
export function jumps(cells: readonly Cell[], stored: readonly StoredReading[], note: Note): void {
  const history = grouped(stored, seriesKey);
  for (const [key, series] of grouped(cells, seriesKey)) {
    const fresh = new Set(series.map(({ toOn }) => toOn));
    const old = (history.get(key) ?? []).filter(({ toOn, withdrawn }) => !withdrawn && !fresh.has(toOn));
    const ordered = [...series, ...old.map((one) => ({ ...one, row: 0 }))].toSorted((a, b) =>
      order(a.toOn, b.toOn),
    );
    for (const field of ['numerator', 'denominator'] as const) remark(ordered, field, note);
  }
}

function remark(ordered: readonly Cell[], field: 'numerator' | 'denominator', note: Note): void {
  const recent: number[] = [];
  for (const cell of ordered) {
    const figure = cell[field];
    if (figure === null) continue;
    const jump = cell.row > 0 ? jumpFrom(recent, figure) : undefined;
    if (jump) note(cell.row, field, 'jump', figure, `${jump.from} … ${jump.to}`);
    recent.push(figure);
    if (recent.length > RECENT) recent.shift();
  }
}
