/** The head of a column that sorts: where it leads, and how the column is sorted now. */
export interface ColumnHead {
  readonly href: string;
  readonly sorted: 'ascending' | 'descending' | null;
}

/** How a table is sorted: by which column, which way, and what is usual. */
export interface Sorting {
  readonly sort: string;
  readonly descending: boolean;
  /** The column that sorts where nothing is asked for. */
  readonly first: string;
  /** Whether a column is first sorted downwards. */
  readonly downwards: (sort: string) => boolean;
}

export type Link = (change: Record<string, string | undefined>) => string;

/** The head of one column: its usual order first, the other way round when the table is sorted by it already. */
export function columnHead(
  { sort: now, descending, first, downwards }: Sorting,
  sort: string,
  link: Link,
): ColumnHead {
  const current = now === sort;
  const next = current ? !descending : downwards(sort);
  const usual = next === downwards(sort);
  return {
    href: link({
      sort: sort === first && usual ? undefined : sort,
      dir: usual ? undefined : next ? 'desc' : 'asc',
      page: undefined,
    }),
    sorted: current ? (descending ? 'descending' : 'ascending') : null,
  };
}

export const columnHeads = (
  sorting: Sorting,
  columns: readonly string[],
  link: Link,
): Record<string, ColumnHead> =>
  Object.fromEntries(columns.map((sort) => [sort, columnHead(sorting, sort, link)]));
