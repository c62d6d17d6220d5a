import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';

const CHUNK = 1 << 18;

/**
 * What is written piece by piece without waiting for each, and read back afterwards: in memory while it is little, in a
 * file from then on. What is wrong with the disk is thrown at the next wait.
 */
export class SpoolFile {
  private kept: Buffer[] = [];
  private bytes = 0;
  private out: WriteStream | null = null;
  private fault: Error | null = null;
  private ended = false;

  /** `inMemory`: bytes that may stay in memory. */
  constructor(
    private readonly path: string,
    private readonly inMemory = 1 << 20,
  ) {}

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  /** Keeps the piece as it is: its memory must not be used again. */
  write(piece: string | Buffer): void {
    if (this.fault) return;
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.bytes += bytes.length;
    if (this.out) this.out.write(bytes);
    else if (this.kept.push(bytes) > 0 && this.bytes > this.inMemory) this.spill();
  }

  /** Waits when the disk is slower than what comes. */
  async keepUp(): Promise<void> {
    if (!this.fault && this.out?.writableNeedDrain) await once(this.out, 'drain');
    if (this.fault) throw this.fault;
  }

  /** Resolves once all of it is kept; may be called again. */
  async end(): Promise<void> {
    if (!this.ended && !this.fault && this.out) {
      this.ended = true;
      this.out.end();
      if (!this.out.closed) await once(this.out, 'close').catch(() => undefined);
    }
    if (this.fault) throw this.fault;
  }

  /** All that was written, in pieces of any length. */
  async *pieces(): AsyncGenerator<Buffer> {
    await this.end();
    if (this.out) yield* createReadStream(this.path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>;
    else yield* this.kept;
  }

  abandon(): void {
    this.out?.destroy();
    this.kept = [];
  }

  private spill(): void {
    this.out = createWriteStream(this.path);
    this.out.on('error', (fault) => (this.fault ??= fault));
    for (const piece of this.kept) this.out.write(piece);
    this.kept = [];
  }
}
