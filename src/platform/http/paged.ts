import type { Link } from './column-head.js';

const SIZE = 50;

/** Where a reader stands in a long list; the addresses of its neighbours. */
export interface Pages {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly previous?: string;
  readonly next?: string;
}

/** One page of a list, and the way to the others; no pages where everything fits on one. */
export function paged<T>(
  items: readonly T[],
  wanted: unknown,
  link: Link,
): { shown: T[]; pages: Pages | null } {
  const last = Math.max(1, Math.ceil(items.length / SIZE));
  const page = Math.min(last, Math.max(1, Math.trunc(Number(wanted)) || 1));
  const from = (page - 1) * SIZE;
  const pages = {
    from: from + 1,
    to: Math.min(items.length, from + SIZE),
    total: items.length,
    previous: page > 1 ? link({ page: String(page - 1) }) : undefined,
    next: page < last ? link({ page: String(page + 1) }) : undefined,
  };
  return { shown: items.slice(from, from + SIZE), pages: last > 1 ? pages : null };
}

/** Addresses of this page with something changed; what is empty is left out. */
export const linkOf =
  (kept: Readonly<Record<string, string | undefined>>): Link =>
  (change) => {
    const all = Object.entries({ ...kept, ...change });
    const query = all.filter((one): one is [string, string] => Boolean(one[1]));
    return `?${new URLSearchParams(query).toString()}`;
  };
