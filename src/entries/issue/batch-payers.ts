/** The payers of one file by their exact key, numbered from 0 as they appear. */
export class BatchPayers {
  size = 0;
  /** Pairs of key and number, side by side because they are looked up together; a key of 0 is a free place. */
  private table = new Float64Array(4096);

  /** The payer's number, or -1. */
  find(key: number): number {
    const slot = slotOf(this.table, key);
    return this.table[slot] === key ? this.table[slot + 1]! : -1;
  }

  /** Numbers a payer that `find` did not know. */
  add(key: number): number {
    if (this.size * 4 > this.table.length) this.rehash();
    put(this.table, key, this.size);
    return this.size++;
  }

  /** Gives back what `find` and `add` need; only the size is left. */
  endLookups(): void {
    this.table = new Float64Array(0);
  }

  private rehash(): void {
    const larger = new Float64Array(this.table.length * 2);
    for (let at = 0; at < this.table.length; at += 2)
      if (this.table[at] !== 0) put(larger, this.table[at]!, this.table[at + 1]!);
    this.table = larger;
  }
}

function put(table: Float64Array, key: number, payer: number): void {
  const slot = slotOf(table, key);
  table[slot] = key;
  table[slot + 1] = payer;
}

function slotOf(table: Float64Array, key: number): number {
  const high = Math.floor(key / 4294967296);
  let mixed = Math.imul(key >>> 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  const mask = table.length - 2;
  let slot = ((mixed ^ (mixed >>> 13)) << 1) & mask;
  while (table[slot] !== 0 && table[slot] !== key) slot = (slot + 2) & mask;
  return slot;
}
