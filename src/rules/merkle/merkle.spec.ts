import { readFileSync } from 'node:fs';
import { createPublicKey, verify } from 'node:crypto';
import * as fc from 'fast-check';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { fromBase64, toBase64 } from './base64.js';
import {
  cosignature,
  cosignedMessage,
  keyId,
  keyText,
  noteText,
  parseKey,
  parseNote,
  validSignatures,
} from './note.js';
import { consistencyProof, inclusionProof, provesConsistency, provesInclusion } from './proof.js';
import { GROUP_SIZE, StoredTree, StoredTreeBuilder } from './stored-tree.js';
import { GrowingTree, leafHash, nodeHash, rootOf } from './tree.js';

const outside = <T>(name: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/vectors/outside/${name}`, import.meta.url), 'utf8')) as T;
const vectors = outside<{
  leaves_hex: string[];
  roots_by_size_0_to_8: string[];
  nodes_by_level: string[][];
  golden_roots_leaf_is_2_bytes_little_endian_index: Record<string, string>;
  large_inclusion_proof: {
    leaf_hash: string;
    leaf_index: number;
    tree_size: number;
    root: string;
    proof: string[];
  };
}>('rfc6962_merkle.json');

const leaves = (count: number) =>
  Array.from({ length: count }, (_, at) => leafHash(Uint8Array.of(at & 255, at >> 8)));

/** The definition of RFC 6962 §2.1, word for word, to check the quick forms against. */
function definition(hashes: Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return rootOf([]);
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(definition(hashes.slice(0, split)), definition(hashes.slice(split)));
}

describe('the tree of RFC 6962', () => {
  it('has the published roots of the standard leaves', () => {
    const hashes = vectors.leaves_hex.map((hex) => leafHash(hexToBytes(hex)));
    const tree = new GrowingTree();
    expect(bytesToHex(tree.root())).toBe(vectors.roots_by_size_0_to_8[0]);
    hashes.forEach((leaf, at) => {
      expect(bytesToHex(leaf)).toBe(vectors.nodes_by_level[0]![at]);
      tree.append(leaf);
      expect(bytesToHex(tree.root())).toBe(vectors.roots_by_size_0_to_8[at + 1]);
    });
  });

  it.each(Object.entries(vectors.golden_roots_leaf_is_2_bytes_little_endian_index))(
    'has the golden root of %s leaves',
    (size, root) => {
      const builder = new StoredTreeBuilder();
      const tree = new GrowingTree();
      for (const leaf of leaves(Number(size))) {
        tree.append(leaf);
        builder.append(leaf);
      }
      expect(bytesToHex(tree.root())).toBe(root);
      expect(bytesToHex(builder.build().root())).toBe(root);
    },
  );

  it('has the root of the definition for every size up to 70', () => {
    for (let size = 0; size <= 70; size++) expect(rootOf(leaves(size))).toEqual(definition(leaves(size)));
  });

  it('takes whole subtrees only where they fit', () => {
    const tree = new GrowingTree();
    tree.append(leaves(1)[0]!);
    expect(() => tree.appendSubtree(1, leaves(1)[0]!)).toThrow(/multiple of 2/);
    expect(() => tree.append(new Uint8Array(31))).toThrow(/31 bytes/);
  });
});

describe('an inclusion proof', () => {
  const { large_inclusion_proof: large } = vectors;
  const published = {
    index: large.leaf_index,
    size: large.tree_size,
    leaf: hexToBytes(large.leaf_hash),
    proof: large.proof.map(hexToBytes),
    root: hexToBytes(large.root),
  };

  it('of 22 hashes in a tree of 3.630.887 is accepted, and nothing near it', () => {
    expect(provesInclusion(published)).toBe(true);
    expect(provesInclusion({ ...published, index: large.leaf_index + 1 })).toBe(false);
    expect(provesInclusion({ ...published, proof: published.proof.slice(1) })).toBe(false);
    expect(provesInclusion({ ...published, proof: published.proof.slice(0, -1) })).toBe(false);
    expect(provesInclusion({ ...published, proof: [...published.proof, published.root] })).toBe(false);
  });

  it('exists for every leaf of every small tree, from the leaves and from the store alike', () => {
    for (const size of [1, 2, 3, 7, 8, 9, GROUP_SIZE, GROUP_SIZE + 1, 3 * GROUP_SIZE - 5, 1000]) {
      const hashes = leaves(size);
      const builder = new StoredTreeBuilder();
      hashes.forEach((leaf) => builder.append(leaf));
      const stored = new StoredTree(size, builder.groups());
      const root = rootOf(hashes);
      for (let index = 0; index < size; index += Math.max(1, Math.floor(size / 37))) {
        const { from, to } = stored.groupOf(index);
        const proof = stored.proof(index, hashes.slice(from, to));
        expect(proof).toEqual(inclusionProof(hashes, index));
        expect(provesInclusion({ index, size, leaf: hashes[index]!, proof, root })).toBe(true);
      }
    }
  });

  it('is refused when anything about it is changed', () => {
    const size = 37;
    const hashes = leaves(size);
    const root = rootOf(hashes);
    fc.assert(
      fc.property(fc.nat(size - 1), fc.nat(5), fc.nat(255), (index, at, bit) => {
        const proof = inclusionProof(hashes, index);
        const claim = { index, size, leaf: hashes[index]!, proof, root };
        const changed = proof.map((node, place) =>
          place === at % proof.length
            ? node.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
            : node,
        );
        expect(provesInclusion({ ...claim, proof: changed })).toBe(false);
        expect(provesInclusion({ ...claim, leaf: hashes[(index + 1) % size]! })).toBe(false);
        expect(provesInclusion({ ...claim, proof: [...proof, root] })).toBe(false);
      }),
    );
  });

  it.each([
    ['index out of range', { index: 5, size: 5 }],
    ['a negative index', { index: -1, size: 5 }],
    ['a fraction', { index: 0.5, size: 5 }],
    ['NaN', { index: NaN, size: 5 }],
    ['an empty tree', { index: 0, size: 0 }],
    ['a short leaf', { index: 0, size: 1, leaf: new Uint8Array(31) }],
    ['a short node', { index: 0, size: 2, proof: [new Uint8Array(1)] }],
  ])('is refused for %s', (_, change) => {
    const leaf = leaves(1)[0]!;
    expect(provesInclusion({ leaf, proof: [], root: leaf, ...change })).toBe(false);
  });
});

describe('a consistency proof', () => {
  it('exists between any two sizes and is refused for any other pair', () => {
    const hashes = leaves(34);
    const root = (size: number) => rootOf(hashes.slice(0, size));
    for (let size2 = 1; size2 <= 34; size2++)
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = consistencyProof(hashes.slice(0, size2), size1);
        const claim = { size1, root1: root(size1), size2, root2: root(size2), proof };
        expect(provesConsistency(claim)).toBe(true);
        expect(provesConsistency({ ...claim, root1: root(0) })).toBe(false);
        expect(provesConsistency({ ...claim, root2: root(0) })).toBe(false);
        expect(provesConsistency({ ...claim, proof: [...proof, root(1)] })).toBe(false);
        if (proof.length > 0) expect(provesConsistency({ ...claim, proof: proof.slice(1) })).toBe(false);
      }
  });

  it('proves nothing from an empty tree, and takes no hashes between equal sizes', () => {
    const root = rootOf(leaves(3));
    const claim = { size1: 3, root1: root, size2: 3, root2: root, proof: [] };
    expect(provesConsistency(claim)).toBe(true);
    expect(provesConsistency({ ...claim, proof: [root] })).toBe(false);
    expect(provesConsistency({ ...claim, size1: 0, root1: rootOf([]) })).toBe(false);
    expect(provesConsistency({ ...claim, size1: 4 })).toBe(false);
    expect(() => consistencyProof(leaves(3), 0)).toThrow(/1 ≤ size/);
  });
});

describe('base64', () => {
  it('is that of Node, and has one spelling only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
    expect(fromBase64('AB==')).toBeUndefined();
    expect(fromBase64('A===')).toBeUndefined();
    expect(fromBase64('AA A')).toBeUndefined();
  });
});

const ed25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  verify(
    null,
    message,
    createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') },
      format: 'jwk',
    }),
    signature,
  );

describe('a signed note', () => {
  const { verified_note: published, format_samples: samples } = outside<{
    verified_note: { vkey: string; text: string; signature_line: string };
    format_samples: { checkpoint_body: string; ed25519_cosigned_message: string };
  }>('c2sp_signed_note.json');
  const key = parseKey(published.vkey)!;
  const text = `${published.text}\n${published.signature_line}\n`;

  it('is read, checked and written as C2SP publishes it', () => {
    const note = parseNote(text)!;
    expect(note.body).toBe(published.text);
    expect(keyText(key)).toBe(published.vkey);
    expect(validSignatures(note, [key], ed25519)).toEqual([{ key, time: undefined }]);
    expect(noteText(note)).toBe(text);
  });

  it('is not signed once a letter of it differs', () => {
    const note = parseNote(text.replace('example', 'exemple'))!;
    expect(validSignatures(note, [key], ed25519)).toEqual([]);
    expect(parseKey(published.vkey.replace('530d', '530e'))).toBeUndefined();
  });

  it.each([
    ['without its empty line', text.replace('\n\n', '\n')],
    ['without its last line feed', text.slice(0, -1)],
    ['with a carriage return', text.replaceAll('\n', '\r\n')],
    ['with a hyphen for the dash', text.replace('—', '-')],
    ['empty', ''],
  ])('%s is no note', (_, broken) => expect(parseNote(broken)).toBeUndefined());

  it('is cosigned over the time and the body', () => {
    const message = cosignedMessage(samples.checkpoint_body, 1679315147);
    expect(message).toEqual(utf8ToBytes(samples.ed25519_cosigned_message));
    const witness = { name: 'witness.example', type: 4, publicKey: new Uint8Array(32).fill(7) } as const;
    const line = cosignature(witness, 1679315147, new Uint8Array(64));
    expect(line.keyId).toEqual(keyId(witness));
    const note = { body: samples.checkpoint_body, signatures: [line] };
    const seen: Uint8Array[] = [];
    const accept = (_: Uint8Array, bytes: Uint8Array) => seen.push(bytes) > 0;
    expect(validSignatures(note, [witness], accept)).toEqual([{ key: witness, time: 1679315147 }]);
    expect(seen).toEqual([message]);
  });
});
