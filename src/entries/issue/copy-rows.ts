import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { CopyFields } from './copy-fields.js';

const SIZE = 1 << 17;
const SPARE = 1 << 14;
/** What a COPY in PostgreSQL's binary format begins with. */
export const BINARY_START = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/** Writes rows in PostgreSQL's binary COPY format into reused memory. A row must stay below 16 KB. */
export class CopyRows extends CopyFields {
  private readonly full: Buffer[] = [];
  /** Blocks that were sent, to be filled again. */
  private readonly free: Buffer[] = [];
  private fault: Error | null = null;

  constructor(private readonly out: Writable) {
    super(Buffer.allocUnsafeSlow(SIZE + SPARE));
    this.at = BINARY_START.copy(this.block);
    out.on('error', (fault: Error) => (this.fault ??= fault));
  }

  /** Begins a row. */
  row(columns: number): void {
    if (this.at >= SIZE) this.turn();
    this.block[this.at++] = columns >> 8;
    this.block[this.at++] = columns & 255;
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
}
