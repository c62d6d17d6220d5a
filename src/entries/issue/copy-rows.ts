import { once } from 'node:events';
import type { Writable } from 'node:stream';

const SIZE = 1 << 17;
const SPARE = 1 << 14;
const START = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const EPOCH_2000 = 946684800;

/** Writes rows in PostgreSQL's binary COPY format into reused memory. A row must stay below 16 KB. */
export class CopyRows {
  private block: Buffer = Buffer.allocUnsafeSlow(SIZE + SPARE);
  private at = START.copy(this.block);
  private readonly full: Buffer[] = [];
  /** Blocks that were sent, to be filled again. */
  private readonly free: Buffer[] = [];
  private fault: Error | null = null;

  constructor(private readonly out: Writable) {
    out.on('error', (fault: Error) => (this.fault ??= fault));
  }

  /** Begins a row. */
  row(columns: number): void {
    if (this.at >= SIZE) this.turn();
    this.block[this.at++] = columns >> 8;
    this.block[this.at++] = columns & 255;
  }

  int(value: number): void {
    const { block } = this;
    const at = this.length(4);
    block[at] = value >>> 24;
    block[at + 1] = value >>> 16;
    block[at + 2] = value >>> 8;
    block[at + 3] = value;
    this.at = at + 4;
  }

  big(value: number): void {
    this.halves(Math.floor(value / 4294967296), value >>> 0);
  }

  /** Whole seconds since 1970 as timestamptz. */
  moment(seconds: number): void {
    const micro = (seconds - EPOCH_2000) * 1e6;
    const high = Math.floor(micro / 4294967296);
    this.halves(high, micro - high * 4294967296);
  }

  nothing(): void {
    const { block } = this;
    block[this.at] = block[this.at + 1] = block[this.at + 2] = block[this.at + 3] = 255;
    this.at += 4;
  }

  bytes(source: Uint8Array, from = 0, to = source.length): void {
    const at = this.length(to - from);
    if (to - from > 48) this.block.set(source.subarray(from, to), at);
    else for (let k = from, w = at; k < to; k++) this.block[w++] = source[k]!;
    this.at = at + to - from;
  }

  /** Bytes, or null when there are none. */
  optional(source: Uint8Array, from: number, to: number): void {
    if (to > from) this.bytes(source, from, to);
    else this.nothing();
  }

  ascii(text: string): void {
    const at = this.length(text.length);
    for (let k = 0; k < text.length; k++) this.block[at + k] = text.charCodeAt(k);
    this.at = at + text.length;
  }

  /** True when blocks wait to be written with `flush`. */
  get waiting(): boolean {
    return this.full.length > 0;
  }

  /** Writes what is full, as fast as the receiver takes it. */
  async flush(): Promise<void> {
    for (let block = this.full.shift(); block; block = this.full.shift()) {
      if (this.fault) throw this.fault;
      if (!this.out.write(block, () => this.free.push(block))) await once(this.out, 'drain');
    }
  }

  /** Ends the COPY; resolves once the server has taken everything. */
  async end(): Promise<void> {
    this.block[this.at++] = 255;
    this.block[this.at++] = 255;
    this.turn();
    await this.flush();
    if (this.fault) throw this.fault;
    this.out.end();
    await once(this.out, 'finish');
  }

  private turn(): void {
    this.full.push(this.block.subarray(0, this.at));
    const sent = this.free.pop();
    this.block = sent
      ? Buffer.from(sent.buffer, sent.byteOffset, SIZE + SPARE)
      : Buffer.allocUnsafeSlow(SIZE + SPARE);
    this.at = 0;
  }

  private length(length: number): number {
    const { block, at } = this;
    block[at] = 0;
    block[at + 1] = 0;
    block[at + 2] = length >>> 8;
    block[at + 3] = length & 255;
    return at + 4;
  }

  private halves(high: number, low: number): void {
    const { block } = this;
    const at = this.length(8);
    block[at] = high >>> 24;
    block[at + 1] = high >>> 16;
    block[at + 2] = high >>> 8;
    block[at + 3] = high;
    block[at + 4] = low >>> 24;
    block[at + 5] = low >>> 16;
    block[at + 6] = low >>> 8;
    block[at + 7] = low;
    this.at = at + 8;
  }
}
