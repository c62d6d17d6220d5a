/** The payers of one file by their exact key, numbered from 0 as they appear. */
export class BatchPayers {
  size = 0;
  key = new Float64Array(1024);
  private table = new Int32Array(2048).fill(-1);

  /** The payer's number, or -1. */
  find(key: number): number {
    return this.table[this.slot(this.table, key)]!;
  }

  add(key: number): number {
    if (this.size === this.key.length) {
      const larger = new Float64Array(this.size * 2);
      larger.set(this.key);
      this.key = larger;
    }
    if (this.size * 2 > this.table.length) this.rehash();
    this.key[this.size] = key;
    this.table[this.slot(this.table, key)] = this.size;
    return this.size++;
  }

  isBusiness(payer: number): boolean {
    const kind = this.key[payer]! % 4;
    return kind === 1 || kind === 2;
  }

  private slot(table: Int32Array, key: number): number {
    const high = Math.floor(key / 4294967296);
    let mixed = Math.imul(key >>> 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    const mask = table.length - 1;
    let slot = (mixed ^ (mixed >>> 13)) & mask;
    while (table[slot]! >= 0 && this.key[table[slot]!] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2).fill(-1);
    for (let payer = 0; payer < this.size; payer++) table[this.slot(table, this.key[payer]!)] = payer;
    this.table = table;
  }
}
