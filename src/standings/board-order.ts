import type { Sorting } from '../platform/http/column-head.js';
import { folded } from '../units/unit-name.js';
import type { DocumentUnit } from './standings-document.js';
import type { Change } from './published-places.js';

/** How a reader wants a board ordered: `place` (of the board shown), `change`, `unit`, `score`, `other` (the other board's), or an indicator. */
export interface Order {
  readonly by: 'level' | 'progress';
  readonly sort?: string;
  readonly dir?: string;
}

/** What of a unit may be sorted by; null stands last either way. */
export interface Sortable {
  readonly name: string;
  readonly place: number | null;
  readonly score: number | null;
  /** The place among the other board: progress beside level, and the reverse. */
  readonly other: number | null;
  readonly change: number | null;
  readonly rate: (indicator: string) => number | null;
}

const VIETNAMESE = new Intl.Collator('vi');

/** Best first where nothing else is said: places and names upwards, figures downwards. */
export function isDescending({ by, sort = 'place', dir }: Order): boolean {
  if (dir === 'asc' || dir === 'desc') return dir === 'desc';
  return !(sort === 'place' || sort === 'unit' || (sort === 'other' && by === 'level'));
}

/** As boards come when nobody says anything. */
export const isByPlace = (order: Order): boolean =>
  (order.sort ?? 'place') === 'place' && !isDescending(order);

/** The same for the heads of columns. */
export const sortingOf = (order: Order): Sorting => ({
  sort: order.sort ?? 'place',
  descending: isDescending(order),
  first: 'place',
  downwards: (sort) => isDescending({ by: order.by, sort }),
});

/** In the order wanted; equals by place, then by name. */
export function ordered<T>(items: readonly T[], order: Order, sortable: (item: T) => Sortable): T[] {
  const { sort = 'place' } = order;
  const turn = isDescending(order) ? -1 : 1;
  const lines = items.map((item) => {
    const facts = sortable(item);
    return { item, name: facts.name, place: facts.place, value: valueOf(facts, sort) };
  });
  const names = (a: string, b: string) => VIETNAMESE.compare(a, b);
  return lines
    .toSorted(
      (a, b) =>
        (sort === 'unit' ? turn * names(a.name, b.name) : compared(a.value, b.value, turn)) ||
        compared(a.place, b.place, 1) ||
        names(a.name, b.name),
    )
    .map(({ item }) => item);
}

function valueOf(facts: Sortable, sort: string): number | null {
  if (sort === 'unit') return null;
  if (sort === 'place' || sort === 'score' || sort === 'other' || sort === 'change') return facts[sort];
  return facts.rate(sort);
}

function compared(a: number | null, b: number | null, turn: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return turn * (a - b);
}

/** A unit of a document, as it is sorted. */
export function sortableUnit(
  unit: DocumentUnit,
  by: Order['by'],
  changes: ReadonlyMap<number, Change> | null,
): Sortable {
  const { place, score, progress, name } = unit;
  const change = changes?.get(unit.id);
  return {
    name,
    place: by === 'level' ? place : progress.place,
    score: Number(by === 'level' ? score : progress.score),
    other: by === 'level' ? progress.place : Number(score),
    change: movedBy(change),
    rate: (indicator) => {
      const cell = unit.cells.find((one) => one.indicator === indicator);
      return cell?.denominator ? (cell.numerator ?? 0) / cell.denominator : null;
    },
  };
}

export const movedBy = (change: Change | undefined): number | null =>
  change && change.direction !== 'new' ? change.places : null;

/** Is it the unit looked for, with or without marks? */
export const matches = (name: string, query: string): boolean =>
  query === '' || folded(name).includes(folded(query));
