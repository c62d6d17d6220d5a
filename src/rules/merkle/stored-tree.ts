import { sha256 } from '@noble/hashes/sha2.js';
import { demandHash, GrowingTree, HASH_LENGTH, type Hash, nodeHash } from './tree.js';
import { inclusionProof } from './proof.js';

/** Leaves under one stored root: 2^7. */
export const GROUP_LEVEL = 7;
export const GROUP_SIZE = 2 ** GROUP_LEVEL;

/** Of the levels above, every third is kept: the two between cost four hashes a proof and would double the memory. */
const KEPT_EVERY = 3;

/**
 * The upper part of a frozen tree: the root over every 128 leaves (the last group may be smaller) and every third level
 * above. With the leaves of one group it proves any entry without touching the others: 10 million leaves keep 2,9 MB,
 * and a proof costs about 280 hashes.
 */
export class StoredTree {
  readonly #levels = new Map<number, Uint8Array>();
  readonly #top: number;

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
    this.#levels.set(GROUP_LEVEL, groups);
    let level = GROUP_LEVEL;
    while (this.#count(level) > 1) {
      level++;
      if ((level - GROUP_LEVEL) % KEPT_EVERY === 0) this.#levels.set(level, this.#level(level));
    }
    this.#top = level;
  }

  /** Bytes that are kept in memory. */
  get stored(): number {
    return [...this.#levels.values()].reduce((sum, level) => sum + level.length, 0);
  }

  root(): Uint8Array {
    return this.#node(this.#top, 0) ?? this.hash(new Uint8Array(0));
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
    for (let level = GROUP_LEVEL; level < this.#top; level++) {
      const sibling = this.#node(level, at % 2 === 0 ? at + 1 : at - 1);
      if (sibling) path.push(sibling);
      at = Math.floor(at / 2);
    }
    return path;
  }

  #count(level: number): number {
    return Math.ceil(this.size / 2 ** level);
  }

  /** A node from what is stored: its own hash, or that of its children; a last one without neighbour is promoted. */
  #node(level: number, index: number): Uint8Array | undefined {
    if (index >= this.#count(level)) return undefined;
    const stored = this.#levels.get(level);
    if (stored) return stored.slice(index * HASH_LENGTH, (index + 1) * HASH_LENGTH);
    const left = this.#node(level - 1, 2 * index)!;
    const right = this.#node(level - 1, 2 * index + 1);
    return right ? nodeHash(left, right, this.hash) : left;
  }

  #level(level: number): Uint8Array {
    const nodes = new Uint8Array(this.#count(level) * HASH_LENGTH);
    for (let index = 0; index < this.#count(level); index++)
      nodes.set(this.#node(level, index)!, index * HASH_LENGTH);
    return nodes;
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
    this.#group = new GrowingTree(this.hash);
    this.appendGroup(root);
  }

  /**
   * Takes a whole group of 128 leaves by its root, as bulk work computed it.
   * Requires that the leaves so far fill their groups; throws RangeError otherwise.
   */
  appendGroup(root: Uint8Array): void {
    if (this.#group.size > 0)
      throw new RangeError(`a group after ${this.size} leaves: wanted a multiple of ${GROUP_SIZE}`);
    this.#tree.appendSubtree(GROUP_LEVEL, root);
    this.#groups.push(root);
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
