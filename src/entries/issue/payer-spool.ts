import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Keys } from '../../platform/crypto/keys.js';
import { PayerSealer } from './payer-sealer.js';
import { SpoolFile } from './spool-file.js';

const BLOCK = 1 << 16;
const LONGEST = 18 + 1024;
/** Blocks that may wait, packed or sealed; about 300 KB each. */
const MOST_WAITING = 128;
/** From this many payers on, sealing pays for a thread of its own. */
const WORTH_A_THREAD = 4_000;
const THREAD = new URL('payer-sealer.thread.js', import.meta.url);

interface Sealed {
  readonly rows: Uint8Array;
  readonly marks: Uint8Array;
}

/**
 * Seals payers while the file is still being read: packs them into blocks, lets a thread turn each block into rows of
 * COPY, and keeps those in a file until the payments stand. One payer: key, phone (doubles), length of name, name.
 */
export class PayerSpool {
  /** Fingerprints by payer, 64 bytes each (identity, phone), when somebody must compare them. */
  readonly marks: Uint8Array[] = [];
  private block = Buffer.allocUnsafeSlow(BLOCK);
  private at = 0;
  private count = 0;
  private turned = 0;
  private waiting = 0;
  private pending: Promise<void> = Promise.resolve();
  private worker: Worker | null = null;
  private readonly answers = new Map<number, (sealed: Sealed) => void>();
  private readonly sealer: PayerSealer;

  constructor(
    /** Sealed payers as rows of COPY. */
    readonly file: SpoolFile,
    private readonly keys: Keys,
    private readonly options: { promotionId: number; firstId: number; keepMarks: boolean },
  ) {
    this.sealer = new PayerSealer(keys, options);
  }

  add(key: number, phone: number, bytes: Buffer, from: number, to: number): void {
    const { block } = this;
    let at = block.writeDoubleLE(phone, block.writeDoubleLE(key, this.at));
    block[at++] = (to - from) & 255;
    block[at++] = (to - from) >> 8;
    for (let place = from; place < to; place++) block[at++] = bytes[place]!;
    this.at = at;
    this.count++;
    if (this.at > BLOCK - LONGEST) this.turn();
  }

  /** Waits when more is to be sealed than memory should hold. */
  async keepUp(): Promise<void> {
    if (this.waiting > MOST_WAITING) await this.pending;
    await this.file.keepUp();
  }

  /** Everything sealed and on disk. */
  async end(): Promise<void> {
    if (this.at > 0) this.turn();
    await this.pending;
    await this.worker?.terminate();
    await this.file.end();
  }

  async abandon(): Promise<void> {
    await this.worker?.terminate();
    this.file.abandon();
  }

  private turn(): void {
    const packed = this.block.subarray(0, this.at);
    const firstId = this.options.firstId + this.turned;
    this.block = Buffer.allocUnsafeSlow(BLOCK);
    this.at = 0;
    this.turned = this.count;
    this.waiting++;
    this.pending = this.keep(this.pending, this.seal(packed, firstId));
    this.pending.catch(() => undefined);
  }

  private async keep(before: Promise<void>, sealing: Promise<Sealed>): Promise<void> {
    const { rows, marks } = await sealing;
    await before;
    this.waiting--;
    if (this.options.keepMarks) this.marks.push(marks);
    this.file.write(rows);
    await this.file.keepUp();
  }

  private async seal(packed: Buffer, firstId: number): Promise<Sealed> {
    if (this.count < WORTH_A_THREAD || !existsSync(THREAD)) return this.sealer.seal(packed, firstId);
    const worker = (this.worker ??= this.start());
    return new Promise((resolve, reject) => {
      this.answers.set(firstId, resolve);
      worker.once('error', reject);
      worker.postMessage({ packed, firstId }, [packed.buffer as ArrayBuffer]);
    });
  }

  private start(): Worker {
    const worker = new Worker(THREAD, {
      workerData: {
        keys: this.keys,
        promotionId: this.options.promotionId,
        keepMarks: this.options.keepMarks,
      },
    });
    worker.setMaxListeners(0).on('message', (sealed: Sealed & { firstId: number }) => {
      this.answers.get(sealed.firstId)?.(sealed);
      this.answers.delete(sealed.firstId);
    });
    return worker;
  }
}
