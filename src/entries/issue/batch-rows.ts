import { hashBytes, sameBytes } from '../../payments/reading/bytes.js';
import { FileFault } from '../../payments/reading/file-fault.js';

const BLOCK = 1 << 24;
/** More rows than this do not fit the key they are sorted by. */
export const MOST_ROWS = (1 << 24) - 1;

const REVERSAL = 1 << 22;
const DROPPED = 1 << 30;
const TAG = 0xff000000;

const rowIn = (held: number) => (held & 0xffffff) - 1;

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
  /** Row plus one (0: a free place) in the lower 24 bits, the upper eight bits of the hash of its reference above them. */
  private table: Uint32Array;

  constructor(expected: number) {
    this.grow(Math.max(1024, Math.min(MOST_ROWS, expected)));
    this.table = new Uint32Array(tableSize(this.payer.length));
  }

  /** The row with this reference, or -1. */
  find(bytes: Buffer, from: number, to: number): number {
    const hash = hashBytes(bytes, from, to);
    return rowIn(this.table[this.slot(hash, bytes, from, to - from)]!);
  }

  /** The row that has this reference; -1 when it is a new one: then a row was appended for it. */
  claim(bytes: Buffer, from: number, to: number): number {
    if (this.size === this.payer.length && this.size < MOST_ROWS)
      this.grow(Math.min(MOST_ROWS, Math.ceil(this.size * 1.5)));
    if (this.size * 3 > this.table.length * 2) this.rehash();
    const hash = hashBytes(bytes, from, to);
    const slot = this.slot(hash, bytes, from, to - from);
    const known = rowIn(this.table[slot]!);
    if (known >= 0) return known;
    if (this.size === MOST_ROWS) throw new FileFault('too-many-rows', { most: MOST_ROWS });
    const row = this.size++;
    this.table[slot] = (row + 1) | (hash & TAG);
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
    this.table = new Uint32Array(0);
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
    const mask = table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const held = table[slot]!;
      if (held === 0) return slot;
      const row = rowIn(held);
      if (((held ^ hash) & TAG) !== 0 || this.refLength[row] !== length) continue;
      const at = this.refAt[row]!;
      if (sameBytes(this.blocks[at >>> 24]!, at & (BLOCK - 1), bytes, from, length)) return slot;
    }
  }

  private rehash(): void {
    this.table = new Uint32Array(this.table.length * 2);
    const mask = this.table.length - 1;
    for (let row = 0; row < this.size; row++) {
      const reference = this.reference(row);
      const hash = hashBytes(reference, 0, reference.length);
      let slot = hash & mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
      this.table[slot] = (row + 1) | (hash & TAG);
    }
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
