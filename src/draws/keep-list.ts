import type { EntityManager } from 'typeorm';
import { ENTRIES_HEADER, EntryList } from '../rules/draw/entries.js';
import { GROUP_SIZE, StoredTreeBuilder } from '../rules/merkle/stored-tree.js';
import { leafHash } from '../rules/merkle/tree.js';
import { chunkRoot, nodeHash } from '../verify/counting.js';
import type { Holders } from './holders.js';
import type { ListedEntries } from './listed-entries.js';

const HEADER = Buffer.from(`${ENTRIES_HEADER}\n`);
/** Lines in one row of the table: whole groups of the tree. */
const PART = GROUP_SIZE * 128;
/** A code of at most 32 characters, a comma, 64 digits, LF. */
const LONGEST = 98;
const [COMMA, LINE_FEED] = [44, 10];

/** Keeps the bytes of entries.csv in pieces and gives the tree over its lines. */
export async function keepList(
  tx: EntityManager,
  drawId: number,
  entries: ListedEntries,
  holders: Holders,
): Promise<StoredTreeBuilder> {
  const tree = new StoredTreeBuilder(nodeHash);
  const part = new Part();
  let ordinal = 0;
  const keep = async () => {
    plant(tree, part.list());
    // The first piece alone carries the header.
    await tx.query('insert into frozen_part (draw_id, ordinal, bytes) values ($1, $2, $3)', [
      drawId,
      ordinal,
      part.bytes.subarray(ordinal === 0 ? 0 : HEADER.length, part.at),
    ]);
    part.empty();
    ordinal++;
  };
  for (const { bytes, from, to, payerId } of entries) {
    if (part.size === PART) await keep();
    part.add(bytes, from, to);
    holders.write(payerId, part.bytes, part.at);
    part.endLine();
  }
  await keep();
  return tree;
}

/** The lines under construction, after the header. */
class Part {
  readonly bytes = Buffer.alloc(HEADER.length + PART * LONGEST);
  at = HEADER.copy(this.bytes);
  size = 0;
  private readonly ends = new Uint32Array(PART + 1).fill(HEADER.length - 1);

  add(bytes: Buffer, from: number, to: number): void {
    for (let place = from; place < to; place++) this.bytes[this.at++] = bytes[place]!;
    this.bytes[this.at++] = COMMA;
  }

  endLine(): void {
    this.at += 64;
    this.ends[++this.size] = this.at;
    this.bytes[this.at++] = LINE_FEED;
  }

  list(): EntryList {
    return new EntryList(this.bytes.subarray(0, this.at), this.ends.subarray(0, this.size + 1));
  }

  empty(): void {
    this.at = HEADER.length;
    this.size = 0;
  }
}

function plant(tree: StoredTreeBuilder, list: EntryList): void {
  let from = 0;
  for (; from + GROUP_SIZE <= list.size; from += GROUP_SIZE)
    tree.appendGroup(chunkRoot(list, from, from + GROUP_SIZE));
  for (; from < list.size; from++) tree.append(leafHash(list.line(from), nodeHash));
}
