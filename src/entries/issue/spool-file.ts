import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';

/** A file that is written piece by piece without waiting for each; what is wrong with the disk is thrown at the next wait. */
export class SpoolFile {
  private readonly out: WriteStream;
  private fault: Error | null = null;
  private ended = false;

  constructor(readonly path: string) {
    this.out = createWriteStream(path);
    this.out.on('error', (fault) => (this.fault ??= fault));
  }

  write(piece: string | Uint8Array): void {
    if (!this.fault) this.out.write(piece);
  }

  /** Waits when the disk is slower than what comes. */
  async keepUp(): Promise<void> {
    if (!this.fault && this.out.writableNeedDrain) await once(this.out, 'drain');
    if (this.fault) throw this.fault;
  }

  /** Resolves once all of it is on disk; may be called again. */
  async end(): Promise<void> {
    if (!this.ended && !this.fault) {
      this.ended = true;
      this.out.end();
      await this.closed();
    }
    if (this.fault) throw this.fault;
  }

  abandon(): void {
    this.out.destroy();
  }

  private async closed(): Promise<void> {
    if (!this.out.closed) await once(this.out, 'close').catch(() => undefined);
  }
}
