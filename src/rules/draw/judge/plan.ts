import { documentHash } from '../digest.js';
import type { Addendum, DrawRules, SourceValue } from '../documents.js';
import { lookedAt } from '../draw.js';
import { seedOf } from '../seed.js';
import { placesOf } from '../walk.js';
import type { Reading } from './reading.js';
import { valuesOf } from './replacements.js';

/** A seed that the judge will ask the order of, and how many positions it will look at first. */
export interface PlannedOrder {
  readonly seed: string;
  readonly wanted: number;
}

/** The ticket orders a bundle asks for, so that workers can count them before `judge` (`Chance.first`). */
export function plannedOrders(reading: Reading, root: string): PlannedOrder[] {
  const { rules, files, strikes } = reading;
  if (rules?.method !== 'ticket' || !files.list) return [];
  const size = files.list.size;
  const struck = new Set(
    [...strikes, ...reading.replacements.flatMap(({ addendum }) => addendum.strikes)].map(({ code }) => code),
  );
  const planned = (
    document: DrawRules | Addendum,
    sources: DrawRules['sources'],
    places: number,
    spoken: readonly SourceValue[],
  ) => {
    if (!sources.every(({ id }) => spoken.some((value) => value.id === id))) return [];
    const seed = seedOf({ rulesHash: documentHash(document), root, size, sources, values: valuesOf(spoken) });
    const skipped = reading.result?.skipped.length ?? 0;
    return [{ seed, wanted: Math.min(size, lookedAt({ length: places }, { struck }) + 2 * skipped) }];
  };
  return [
    ...planned(rules, rules.sources, placesOf(rules.prizes).length, reading.sources),
    ...reading.replacements.flatMap(({ addendum, sources }) =>
      planned(addendum, addendum.sources, addendum.vacancies.length + placesOf(rules.prizes).length, sources),
    ),
  ];
}
