import { sha256 } from '@noble/hashes/sha2.js';
import { demandHash, GrowingTree, HASH_LENGTH, type Hash, nodeHash } from './tree.js';
import { inclusionProof } from './proof.js';

/** Leaves under one stored root: 2^8, so that 10 million leaves keep 2,5 MB and a proof rehashes 256 leaves. */
export const GROUP_LEVEL = 8;
export const GROUP_SIZE = 2 ** GROUP_LEVEL;

/**
 * The upper part of a frozen tree: the root over every 256 leaves (the last group may be smaller) and all levels
 * above. With the 256 leaves of one group it proves any entry without touching the others.
 */
export class StoredTree {
  readonly #levels: Uint8Array[] = [];

  /**
   * `groups` is the concatenation of the groups' roots, as `StoredTreeBuilder.groups()` gave them.
   * Throws RangeError when their number does not fit `size`.
   */
  constructor(
    readonly size: number,
    groups: Uint8Array,
    private readonly hash: Hash = sha256,
  ) {
    const wanted = Math.ceil(size / GROUP_SIZE) * HASH_LENGTH;
    if (groups.length !== wanted)
      throw new RangeError(`${groups.length} bytes of stored roots for ${size} leaves: wanted ${wanted}`);
    for (let level = groups; ; level = this.#above(level)) {
      this.#levels.push(level);
      if (level.length <= HASH_LENGTH) break;
    }
  }

  /** Bytes that are kept in memory. */
  get stored(): number {
    return this.#levels.reduce((sum, level) => sum + level.length, 0);
  }

  root(): Uint8Array {
    const top = this.#levels.at(-1)!;
    return top.length === 0 ? this.hash(new Uint8Array(0)) : top.slice();
  }

  /** The leaves a proof of `index` needs: half-open. Requires 0 ≤ index < size. */
  groupOf(index: number): { from: number; to: number } {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.size)
      throw new RangeError(`leaf ${index} of a tree of ${this.size}: wanted 0 ≤ index < size`);
    const from = Math.floor(index / GROUP_SIZE) * GROUP_SIZE;
    return { from, to: Math.min(from + GROUP_SIZE, this.size) };
  }

  /** The inclusion proof of RFC 6962 for leaf `index`. `leaves` are the leaf hashes of `groupOf(index)`, in order. */
  proof(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
    const { from, to } = this.groupOf(index);
    if (leaves.length !== to - from)
      throw new RangeError(`${leaves.length} leaves for the group ${from}…${to}: wanted ${to - from}`);
    const path = inclusionProof(leaves, index - from, this.hash);
    let at = from / GROUP_SIZE;
    for (const level of this.#levels) {
      const sibling = at % 2 === 0 ? at + 1 : at - 1;
      const start = sibling * HASH_LENGTH;
      if (start < level.length) path.push(level.slice(start, start + HASH_LENGTH));
      at = Math.floor(at / 2);
    }
    return path;
  }

  /** The level above: neighbours joined, an odd last one promoted as it is. */
  #above(level: Uint8Array): Uint8Array {
    const pair = 2 * HASH_LENGTH;
    const above = new Uint8Array(Math.ceil(level.length / pair) * HASH_LENGTH);
    for (let at = 0; at < level.length; at += pair) {
      const left = level.subarray(at, at + HASH_LENGTH);
      const right = level.subarray(at + HASH_LENGTH, at + pair);
      above.set(right.length === 0 ? left : nodeHash(left, right, this.hash), at / 2);
    }
    return above;
  }
}

/** Takes the leaf hashes of a growing list one after the other and keeps the root of every group. */
export class StoredTreeBuilder {
  readonly #tree: GrowingTree;
  readonly #groups: Uint8Array[] = [];
  #group: GrowingTree;

  constructor(private readonly hash: Hash = sha256) {
    this.#tree = new GrowingTree(hash);
    this.#group = new GrowingTree(hash);
  }

  get size(): number {
    return this.#tree.size + this.#group.size;
  }

  append(leaf: Uint8Array): void {
    demandHash(leaf);
    this.#group.append(leaf);
    if (this.#group.size < GROUP_SIZE) return;
    const root = this.#group.root();
    this.#groups.push(root);
    this.#tree.appendSubtree(GROUP_LEVEL, root);
    this.#group = new GrowingTree(this.hash);
  }

  /** The stored roots, 32 bytes each, to be saved and given to `StoredTree` later. */
  groups(): Uint8Array {
    const roots = this.#group.size === 0 ? this.#groups : [...this.#groups, this.#group.root()];
    const bytes = new Uint8Array(roots.length * HASH_LENGTH);
    roots.forEach((root, at) => bytes.set(root, at * HASH_LENGTH));
    return bytes;
  }

  build(): StoredTree {
    return new StoredTree(this.size, this.groups(), this.hash);
  }
}
