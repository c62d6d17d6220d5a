import { hashBytes, sameBytes } from '../../payments/reading/bytes.js';
import { FileFault } from '../../payments/reading/file-fault.js';

const BLOCK = 1 << 24;
/** More rows than this do not fit the key they are sorted by. */
export const MOST_ROWS = (1 << 24) - 1;

const REVERSAL = 1 << 22;
const DROPPED = 1 << 30;

/**
 * The readable rows of one file, in columns of numbers: about fifty bytes a row, references included. A row is known by
 * its index. References are kept as bytes and compared as bytes, so two of them are never taken for one.
 */
export class BatchRows {
  size = 0;
  rowNumber!: Uint32Array;
  payer!: Int32Array;
  paidAt!: Uint32Array;
  amount!: Float64Array;
  /** Bits 0-19: refusals known from the row alone; 20-21: status; 22: reversal; 23-29: factor; 30: dropped. */
  state!: Int32Array;
  private refAt!: Uint32Array;
  private refLength!: Uint8Array;
  private blocks: Buffer[] = [];
  private used = BLOCK;
  /** Pairs of row plus one (0: a free place) and hash of its reference. */
  private table: Int32Array;

  constructor(expected: number) {
    this.grow(Math.max(1024, Math.min(MOST_ROWS, expected)));
    this.table = new Int32Array(2 * tableSize(this.payer.length));
  }

  /** The row with this reference, or -1. */
  find(bytes: Buffer, from: number, to: number): number {
    const hash = hashBytes(bytes, from, to);
    return this.table[this.slot(hash, bytes, from, to - from)]! - 1;
  }

  /** The row that has this reference; -1 when it is a new one: then a row was appended for it. */
  claim(bytes: Buffer, from: number, to: number): number {
    if (this.size === this.payer.length && this.size < MOST_ROWS)
      this.grow(Math.min(MOST_ROWS, Math.ceil(this.size * 1.5)));
    if (this.size * 3 > this.table.length) this.rehash();
    const hash = hashBytes(bytes, from, to);
    const slot = this.slot(hash, bytes, from, to - from);
    const known = this.table[slot]! - 1;
    if (known >= 0) return known;
    if (this.size === MOST_ROWS) throw new FileFault('too-many-rows', { most: MOST_ROWS });
    const row = this.size++;
    this.table[slot] = row + 1;
    this.table[slot + 1] = hash;
    this.keep(row, bytes, from, to);
    return -1;
  }

  describe(row: number, refusals: number, status: number, reversal: boolean, factor: number): void {
    this.state[row] = refusals | (status << 20) | (reversal ? REVERSAL : 0) | (factor << 23);
  }

  refusals(row: number): number {
    return this.state[row]! & 0xfffff;
  }

  refuse(row: number, bits: number): void {
    this.state[row]! |= bits;
  }

  status(row: number): number {
    return (this.state[row]! >> 20) & 3;
  }

  isReversal(row: number): boolean {
    return (this.state[row]! & REVERSAL) !== 0;
  }

  factor(row: number): number {
    return (this.state[row]! >> 23) & 127;
  }

  drop(row: number): void {
    this.state[row]! |= DROPPED;
  }

  isDropped(row: number): boolean {
    return (this.state[row]! & DROPPED) !== 0;
  }

  reference(row: number): Buffer {
    const at = this.refAt[row]!;
    const start = at & (BLOCK - 1);
    return this.blocks[at >>> 24]!.subarray(start, start + this.refLength[row]!);
  }

  /** Byte order of two references. */
  compareReferences(a: number, b: number): number {
    return Buffer.compare(this.reference(a), this.reference(b));
  }

  /** Gives back what only `claim` and `find` need. */
  endLookups(): void {
    this.table = new Int32Array(0);
  }

  /** Gives back what only sorting needs. */
  forgetReferences(): void {
    this.refAt = new Uint32Array(0);
    this.refLength = new Uint8Array(0);
    this.blocks = [];
  }

  private keep(row: number, bytes: Buffer, from: number, to: number): void {
    if (this.used + to - from > BLOCK) {
      this.blocks.push(Buffer.allocUnsafeSlow(BLOCK));
      this.used = 0;
    }
    this.refAt[row] = ((this.blocks.length - 1) << 24) | this.used;
    this.refLength[row] = to - from;
    const block = this.blocks.at(-1)!;
    for (let place = from; place < to; place++) block[this.used++] = bytes[place]!;
  }

  private slot(hash: number, bytes: Buffer, from: number, length: number): number {
    const { table } = this;
    const mask = table.length - 2;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const row = table[slot]! - 1;
      if (row < 0) return slot;
      if (table[slot + 1] !== hash || this.refLength[row] !== length) continue;
      const at = this.refAt[row]!;
      if (sameBytes(this.blocks[at >>> 24]!, at & (BLOCK - 1), bytes, from, length)) return slot;
    }
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 2;
    for (let at = 0; at < this.table.length; at += 2) {
      if (this.table[at] === 0) continue;
      let slot = (this.table[at + 1]! << 1) & mask;
      while (table[slot] !== 0) slot = (slot + 2) & mask;
      table.set(this.table.subarray(at, at + 2), slot);
    }
    this.table = table;
  }

  private grow(length: number): void {
    const enlarged = <T extends Uint32Array | Uint8Array | Int32Array | Float64Array>(
      from: T | undefined,
      to: T,
    ): T => {
      if (from) to.set(from);
      return to;
    };
    this.rowNumber = enlarged(this.rowNumber, new Uint32Array(length));
    this.payer = enlarged(this.payer, new Int32Array(length));
    this.paidAt = enlarged(this.paidAt, new Uint32Array(length));
    this.amount = enlarged(this.amount, new Float64Array(length));
    this.state = enlarged(this.state, new Int32Array(length));
    this.refAt = enlarged(this.refAt, new Uint32Array(length));
    this.refLength = enlarged(this.refLength, new Uint8Array(length));
  }
}

function tableSize(rows: number): number {
  let size = 2048;
  while (size < rows * 1.5) size *= 2;
  return size;
}
