/** The payers of one file by their exact key, numbered from 0 as they appear. */
export class BatchPayers {
  size = 0;
  key = new Float64Array(1024);
  /** Pairs of key and number, side by side because they are looked up together; a key of 0 is a free place. */
  private table = new Float64Array(4096);

  /** The payer's number, or -1. */
  find(key: number): number {
    const slot = this.slot(this.table, key);
    return this.table[slot] === key ? this.table[slot + 1]! : -1;
  }

  add(key: number): number {
    if (this.size === this.key.length) {
      const larger = new Float64Array(this.size * 2);
      larger.set(this.key);
      this.key = larger;
    }
    if (this.size * 4 > this.table.length) this.rehash();
    this.key[this.size] = key;
    this.put(this.table, key, this.size);
    return this.size++;
  }

  isBusiness(payer: number): boolean {
    const kind = this.key[payer]! % 4;
    return kind === 1 || kind === 2;
  }

  private put(table: Float64Array, key: number, payer: number): void {
    const slot = this.slot(table, key);
    table[slot] = key;
    table[slot + 1] = payer;
  }

  private slot(table: Float64Array, key: number): number {
    const high = Math.floor(key / 4294967296);
    let mixed = Math.imul(key >>> 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    const mask = table.length - 2;
    let slot = ((mixed ^ (mixed >>> 13)) << 1) & mask;
    while (table[slot] !== 0 && table[slot] !== key) slot = (slot + 2) & mask;
    return slot;
  }

  private rehash(): void {
    const table = new Float64Array(this.table.length * 2);
    for (let payer = 0; payer < this.size; payer++) this.put(table, this.key[payer]!, payer);
    this.table = table;
  }
}
