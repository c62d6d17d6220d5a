const EPOCH_2000 = 946684800;

/** Writes fields in PostgreSQL's binary COPY format at the end of a block of memory. */
export class CopyFields {
  protected at = 0;

  constructor(protected block: Buffer) {}

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
    this.at = this.length(to - from);
    this.fields(source, from, to);
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

  /** Fields that were written before. */
  fields(source: Uint8Array, from: number, to: number): void {
    const { block } = this;
    if (to - from > 48) block.set(source.subarray(from, to), this.at);
    else for (let k = from, w = this.at; k < to; k++) block[w++] = source[k]!;
    this.at += to - from;
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
