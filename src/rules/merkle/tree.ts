import { sha256 } from '@noble/hashes/sha2.js';

/** A function from bytes to 32 bytes. Everything here takes it as a parameter; bulk work passes a faster SHA-256. */
export type Hash = (message: Uint8Array) => Uint8Array;

export const HASH_LENGTH = 32;

/** RFC 6962 §2.1: a leaf is H(00 || data). The prefix keeps a leaf from ever being read as a node. */
export function leafHash(data: Uint8Array, hash: Hash = sha256): Uint8Array {
  const message = new Uint8Array(data.length + 1);
  message.set(data, 1);
  return hash(message);
}

/** RFC 6962 §2.1: a node is H(01 || left || right). Requires two hashes of 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Hash = sha256): Uint8Array {
  const message = new Uint8Array(1 + 2 * HASH_LENGTH);
  message[0] = 1;
  message.set(left, 1);
  message.set(right, 1 + HASH_LENGTH);
  return hash(message);
}

/**
 * The Merkle tree of RFC 6962 §2.1 / RFC 9162 §2.1.1 that only ever grows, one leaf after the other, and remembers
 * one root per level: O(log n) memory, whatever the size.
 */
export class GrowingTree {
  #size = 0;
  /** `#roots[level]` is the root of a complete subtree of 2^level leaves still waiting for its right neighbour. */
  readonly #roots: (Uint8Array | undefined)[] = [];

  constructor(private readonly hash: Hash = sha256) {}

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf by its hash (`leafHash`). Throws RangeError unless it is 32 bytes long. */
  append(leaf: Uint8Array): void {
    this.appendSubtree(0, leaf);
  }

  /**
   * Adds a complete subtree of 2^level leaves by its root, as a worker or a store computed it.
   * Requires that the present size is a multiple of 2^level; throws RangeError otherwise.
   */
  appendSubtree(level: number, root: Uint8Array): void {
    demandHash(root);
    if (this.#size % 2 ** level !== 0)
      throw new RangeError(
        `a subtree of level ${level} at ${this.#size}: wanted a multiple of ${2 ** level}`,
      );
    this.#size += 2 ** level;
    let carried = root;
    let at = level;
    for (let left = this.#roots[at]; left; left = this.#roots[at]) {
      carried = nodeHash(left, carried, this.hash);
      this.#roots[at++] = undefined;
    }
    this.#roots[at] = carried;
  }

  /**
   * The root of all leaves so far; H("") of the empty tree. The tree may go on growing afterwards.
   * `tail` is the root of further leaves, fewer than the smallest subtree appended so far.
   */
  root(tail?: Uint8Array): Uint8Array {
    let root = tail;
    for (const left of this.#roots) {
      if (left) root = root ? nodeHash(left, root, this.hash) : left;
    }
    return root ?? this.hash(new Uint8Array(0));
  }
}

/** The root over leaf hashes that are at hand. Any number of them, none included. */
export function rootOf(leaves: Iterable<Uint8Array>, hash: Hash = sha256): Uint8Array {
  const tree = new GrowingTree(hash);
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** Throws RangeError unless the value is a hash of 32 bytes: a guard the pseudocode of the RFC leaves out. */
export function demandHash(value: Uint8Array): void {
  if (value.length !== HASH_LENGTH)
    throw new RangeError(`a hash of ${value.length} bytes: wanted ${HASH_LENGTH}`);
}
