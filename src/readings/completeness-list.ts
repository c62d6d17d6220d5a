import type { Sorting } from '../platform/http/column-head.js';
import { decimal, named, tableOf, type Table } from '../platform/tables/table.js';
import { folded } from '../units/unit-name.js';
import type { Completeness } from './completeness.queries.js';

/** What of the list is wanted: a group, part of a name, only who lacks something; and its order. */
export interface CompletenessQuery {
  readonly group?: string;
  readonly q?: string;
  readonly only?: string;
  readonly sort?: string;
  readonly dir?: string;
}

export const ONLY = ['missing', 'late', 'unapproved'] as const;
export const SORTED = ['unit', 'complete', 'timely', 'missing', 'last'] as const;

/** How many cells never came. */
export const missingOf = ({ expected, received }: Completeness): number => Math.max(0, expected - received);

const LACKS: Record<(typeof ONLY)[number], (one: Completeness) => boolean> = {
  missing: (one) => missingOf(one) > 0,
  late: ({ received, onTime }) => onTime < received,
  unapproved: ({ received, approved }) => approved < received,
};

/** Worst first: the least complete, the least timely, most missing, silent for longest. */
export function sortingOf({ sort, dir }: CompletenessQuery): Sorting {
  const column = SORTED.find((one) => one === sort) ?? 'unit';
  const downwards = (one: string) => one === 'missing';
  const descending = dir === 'asc' || dir === 'desc' ? dir === 'desc' : downwards(column);
  return { sort: column, descending, first: 'unit', downwards };
}

/** The units wanted, in the order wanted; by group and code where nothing is said. */
export function listed(rows: readonly Completeness[], query: CompletenessQuery): Completeness[] {
  const only = ONLY.find((one) => one === query.only);
  const q = folded(String(query.q ?? ''));
  const found = rows.filter(
    (one) =>
      (!query.group || one.group === query.group) &&
      (!only || LACKS[only](one)) &&
      (q === '' || one.code === q || folded(one.fullName).includes(q)),
  );
  const { sort, descending } = sortingOf(query);
  const turn = descending ? -1 : 1;
  if (sort === 'unit') return descending ? found.toReversed() : found;
  const key = KEYS[sort as keyof typeof KEYS];
  // Units of which nothing is expected stand last either way; equals stay in the order of the list.
  return found.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x < y ? -turn : x > y ? turn : 0;
  });
}

const KEYS = {
  complete: ({ complete }: Completeness) => (complete === null ? null : Number(complete)),
  timely: ({ timely }: Completeness) => (timely === null ? null : Number(timely)),
  missing: missingOf,
  last: ({ lastOn }: Completeness) => lastOn ?? '',
};

/** The list as a table. */
export const completenessTable = (slug: string, rows: readonly Completeness[]): Table =>
  tableOf(`completeness-${slug}`, rows, {
    group: (one) => named({ code: one.group, nameVi: one.groupVi, nameEn: one.groupEn }),
    unit_code: (one) => one.code,
    unit: (one) => one.fullName,
    expected: (one) => one.expected,
    received: (one) => one.received,
    on_time: (one) => one.onTime,
    approved: (one) => one.approved,
    missing: missingOf,
    complete_percent: (one) => decimal(one.complete),
    timely_percent: (one) => decimal(one.timely),
    last_day: (one) => one.lastOn,
  });
