import type { JournalFilter } from './journal.queries.js';

const text = (value: unknown) => (typeof value === 'string' ? value.trim().slice(0, 200) : '');
const day = (value: unknown) => {
  const given = text(value);
  return /^\d{4}-\d{2}-\d{2}$/.test(given) && !Number.isNaN(Date.parse(given)) ? given : '';
};
const number = (value: unknown) => (/^\d{1,9}$/.test(text(value)) ? Number(text(value)) : null);

/** The filter of an address; what makes no sense is left out. */
export const filterOf = (query: Record<string, unknown>): JournalFilter => ({
  act: text(query.act),
  subject: text(query.subject),
  officer: number(query.officer),
  from: day(query.from),
  to: day(query.to),
});

/** The page of an address. */
export const turnOf = (query: Record<string, unknown>): { before?: number; after?: number } => {
  const after = number(query.after);
  const before = number(query.before);
  return after !== null ? { after } : before !== null ? { before } : {};
};

export const searchOf = (filter: JournalFilter, turn: { before?: number; after?: number } = {}): string =>
  new URLSearchParams(
    Object.entries({ ...filter, ...turn })
      .filter(([, value]) => value !== '' && value !== null && value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
