import { canonicalJson } from './canonical.js';
import type { Addendum, Completeness, DrawResult, DrawRules, SourceValue, Strike } from './documents.js';
import { keysText, type Trust } from './keys.js';

/** What is published of one draw, entries and pages for readers apart. */
export interface Bundle {
  readonly rules: DrawRules;
  /** The signed note, `noteText(…)`. */
  readonly checkpoint: string;
  readonly strikes: readonly Strike[];
  readonly sources: readonly SourceValue[];
  readonly result: DrawResult;
  readonly replacements: readonly {
    readonly addendum: Addendum;
    readonly sources: readonly SourceValue[];
    readonly result: DrawResult;
  }[];
  readonly completeness: Completeness;
  readonly keys: Trust;
}

/** The exact text of every file of the bundle, protocol §8, by name. `entries.csv` comes from `entriesText`. */
export function bundleTexts(bundle: Bundle): Map<string, string> {
  const texts = new Map([
    ['rules.json', canonicalJson(bundle.rules)],
    ['checkpoint.txt', bundle.checkpoint],
    ['strikes.json', canonicalJson(bundle.strikes)],
    ['sources.json', canonicalJson(bundle.sources)],
    ['result.json', canonicalJson(bundle.result)],
    ['completeness.json', canonicalJson(bundle.completeness)],
    ['keys.txt', keysText(bundle.keys)],
  ]);
  bundle.replacements.forEach(({ addendum, sources, result }, at) => {
    texts.set(replacementFile(at + 1, 'addendum.json'), canonicalJson(addendum));
    texts.set(replacementFile(at + 1, 'sources.json'), canonicalJson(sources));
    texts.set(replacementFile(at + 1, 'result.json'), canonicalJson(result));
  });
  return texts;
}

export const replacementFile = (number: number, name: string): string =>
  `replacements/${String(number).padStart(2, '0')}/${name}`;
