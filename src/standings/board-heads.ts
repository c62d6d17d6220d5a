import { isDescending, type Order } from './board-order.js';

/** The head of a column that sorts: where it leads, and how the column is sorted now. */
export interface Head {
  readonly href: string;
  readonly sorted: 'ascending' | 'descending' | null;
}

type Link = (change: Record<string, string | undefined>) => string;

/** The head of one column: its own order first, the other way round when it is sorted already. */
export function headOf(order: Order, sort: string, link: Link): Head {
  const current = (order.sort ?? 'place') === sort;
  const descending = isDescending(current ? { ...order, sort } : { by: order.by, sort });
  const next = current ? !descending : descending;
  const usual = next === isDescending({ by: order.by, sort });
  return {
    href: link({
      sort: sort === 'place' && usual ? undefined : sort,
      dir: usual ? undefined : next ? 'desc' : 'asc',
      page: undefined,
    }),
    sorted: current ? (descending ? 'descending' : 'ascending') : null,
  };
}

const COLUMNS = ['place', 'change', 'unit', 'score', 'other'];

/** The heads of the columns that every board has. */
export const headsOf = (order: Order, link: Link): Record<string, Head> =>
  Object.fromEntries(COLUMNS.map((sort) => [sort, headOf(order, sort, link)]));
