import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import type { Hash } from '../merkle/tree.js';
import { tagged } from './digest.js';
import type { Source } from './documents.js';

export interface SeedInputs {
  /** Hash of the rules; of the addendum in a replacement. */
  readonly rulesHash: string;
  readonly root: string;
  readonly size: number;
  /** In the order of the rules: only the ids are used. */
  readonly sources: readonly Pick<Source, 'id'>[];
  /** What each source gave, by id. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Protocol §4: 64 hex digits made of the rules, the frozen list and the public sources. Nobody can know them before
 * the last source has spoken. Throws RangeError when a source has no value: there is no seed without all of them.
 */
export function seedOf({ rulesHash, root, size, sources, values }: SeedInputs, hash: Hash = sha256): string {
  const spoken = sources.flatMap(({ id }) => {
    const value = values.get(id);
    if (value === undefined) throw new RangeError(`source ${id}: wanted its value`);
    return [id, value];
  });
  return tagged(
    'thidua-draw/1 seed',
    [hexToBytes(rulesHash), hexToBytes(root), String(size), ...spoken],
    hash,
  );
}
