import { sha256 } from '@noble/hashes/sha2.js';
import { HASH_LENGTH, type Hash, nodeHash, rootOf } from './tree.js';

/** RFC 6962 §2.1.1: the path that leads from leaf `index` to the root, lowest first. Requires 0 ≤ index < size. */
export function inclusionProof(
  leaves: readonly Uint8Array[],
  index: number,
  hash: Hash = sha256,
): Uint8Array[] {
  if (!isWhole(index) || index >= leaves.length)
    throw new RangeError(`leaf ${index} of a tree of ${leaves.length}: wanted 0 ≤ index < size`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(left, index, hash), rootOf(right, hash)]
    : [...inclusionProof(right, index - split, hash), rootOf(left, hash)];
}

/** RFC 6962 §2.1.2: the proof that the tree of all `leaves` only appended to the tree of the first `size`. */
export function consistencyProof(
  leaves: readonly Uint8Array[],
  size: number,
  hash: Hash = sha256,
): Uint8Array[] {
  if (!isWhole(size) || size < 1 || size > leaves.length)
    throw new RangeError(`sizes ${size} and ${leaves.length}: wanted 1 ≤ size ≤ number of leaves`);
  return subproof(leaves, size, true, hash);
}

function subproof(leaves: readonly Uint8Array[], size: number, whole: boolean, hash: Hash): Uint8Array[] {
  if (size === leaves.length) return whole ? [] : [rootOf(leaves, hash)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...subproof(left, size, whole, hash), rootOf(right, hash)]
    : [...subproof(right, size - split, false, hash), rootOf(left, hash)];
}

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/**
 * RFC 9162 §2.1.3.2: whether the leaf stands at `index` of the tree with this root. Never throws: anything out of
 * range, too short, too long or of a wrong length is simply not a proof.
 */
export function provesInclusion(claim: Inclusion, hash: Hash = sha256): boolean {
  const { index, size, leaf, proof, root } = claim;
  if (!isWhole(index) || !isWhole(size) || index >= size || ![leaf, root, ...proof].every(isHash))
    return false;
  let at = index;
  let last = size - 1;
  let computed = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      computed = nodeHash(sibling, computed, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      computed = nodeHash(computed, sibling, hash);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(computed, root);
}

export interface Consistency {
  readonly size1: number;
  readonly root1: Uint8Array;
  readonly size2: number;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * RFC 9162 §2.1.4.2: whether the second tree is the first one with leaves appended. Never throws. Two guards the
 * pseudocode lacks: the first tree is not empty (it would prove nothing), equal sizes take an empty proof.
 */
export function provesConsistency(claim: Consistency, hash: Hash = sha256): boolean {
  const { size1, root1, size2, root2, proof } = claim;
  if (!isWhole(size1) || !isWhole(size2) || size1 < 1 || size1 > size2) return false;
  if (![root1, root2, ...proof].every(isHash)) return false;
  if (size1 === size2) return proof.length === 0 && equalBytes(root1, root2);
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
  const first = path.shift();
  if (!first) return false;
  let [at, last] = [size1 - 1, size2 - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, now] = [first, first];
  for (const node of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, now] = [nodeHash(node, old, hash), nodeHash(node, now, hash)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      now = nodeHash(now, node, hash);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equalBytes(old, root1) && equalBytes(now, root2);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The largest power of two smaller than `size`. Requires size ≥ 2. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

const isWhole = (value: number) => Number.isSafeInteger(value) && value >= 0;
const isHash = (value: Uint8Array) => value.length === HASH_LENGTH;
const isPowerOfTwo = (value: number) => value === 1 || splitOf(value) * 2 === value;
