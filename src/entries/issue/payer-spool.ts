import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Keys } from '../../platform/crypto/keys.js';
import type { OpenCopy } from './database-copy.js';
import { nextPacked, packPayer, PayerSealer } from './payer-sealer.js';

const BLOCK = 1 << 16;
const LONGEST = 18 + 1024;
/** Blocks that may wait, packed or sealed; about 300 KB each. */
const MOST_WAITING = 64;
/** From this many payers on, sealing pays for a thread of its own. */
const WORTH_A_THREAD = 4_000;
const THREAD = new URL('payer-sealer.thread.js', import.meta.url);

interface Made {
  readonly rows: Uint8Array;
  readonly marks: Uint8Array;
}

/** Where sealed payers go, and the number of the first. */
interface Target {
  readonly copy: OpenCopy;
  readonly firstId: number;
  /** Whether the fingerprints are needed besides the rows. */
  readonly keepMarks: boolean;
}

/**
 * The payers of a file in blocks of memory, which a thread turns into fingerprints while the file is still being read, and
 * into rows for the database. Of a promotion's first file everybody is new and is sealed at once; of a later one, who was
 * not known, once that is known: until then payers are marked and kept.
 */
export class PayerSpool {
  /** Fingerprints by payer, 64 bytes each (identity, phone). */
  readonly marks: Uint8Array[] = [];
  private readonly kept: Buffer[] = [];
  private target: Target | null = null;
  private nextId = 0;
  private block = Buffer.allocUnsafeSlow(BLOCK);
  private at = 0;
  private count = 0;
  private total = 0;
  private waiting = 0;
  private pending: Promise<void> = Promise.resolve();
  private worker: Worker | null = null;
  private readonly asked: { resolve: (made: Made) => void; reject: (fault: Error) => void }[] = [];
  private readonly sealer: PayerSealer;

  constructor(
    private readonly keys: Keys,
    private readonly promotionId: number,
  ) {
    this.sealer = new PayerSealer(keys, promotionId);
  }

  add(key: number, phone: number, bytes: Buffer, from: number, to: number): void {
    this.added(packPayer(this.block, this.at, { key, phone }, { bytes, from, to }));
  }

  /** From here on payers are sealed as they come. */
  sealInto(target: Target): void {
    this.target = target;
    this.nextId = target.firstId;
  }

  /** Seals those of the payers kept so far for whom `isNew` says so, in the order in which they came. */
  async sealKept(target: Target, isNew: (payer: number) => boolean): Promise<void> {
    await this.settled();
    this.sealInto(target);
    let payer = 0;
    for (let packed = this.kept.shift(); packed; packed = this.kept.shift()) {
      for (let from = 0, to = 0; from < packed.length; from = to, payer++) {
        to = nextPacked(packed, from);
        if (!isNew(payer)) continue;
        this.block.set(packed.subarray(from, to), this.at);
        this.added(this.at + to - from);
      }
      await this.keepUp();
    }
  }

  /** Waits when more is to be sealed than memory should hold. */
  async keepUp(): Promise<void> {
    if (this.waiting > MOST_WAITING) await this.pending;
  }

  /** Every payer that came is marked, and sealed if that was asked for. */
  async settled(): Promise<void> {
    if (this.at > 0) this.turn();
    await this.pending;
  }

  /** Everything is sealed and taken by the database. */
  async end(): Promise<void> {
    await this.settled();
    await this.worker?.terminate();
    await this.target?.copy.end();
    this.target = null;
  }

  async abandon(): Promise<void> {
    await this.worker?.terminate();
    await this.target?.copy.abandon();
  }

  private added(at: number): void {
    this.at = at;
    this.count++;
    if (this.at > BLOCK - LONGEST) this.turn();
  }

  private turn(): void {
    const { target } = this;
    const packed = this.block.subarray(0, this.at);
    this.total += this.count;
    this.waiting++;
    this.pending = this.take(this.pending, this.make(packed, target ? this.nextId : null), target);
    this.pending.catch(() => undefined);
    if (!target) this.kept.push(packed);
    this.nextId += this.count;
    this.block = Buffer.allocUnsafeSlow(BLOCK);
    this.at = 0;
    this.count = 0;
  }

  private async take(before: Promise<void>, making: Promise<Made>, target: Target | null): Promise<void> {
    const { rows, marks } = await making;
    await before;
    if (!target || target.keepMarks) this.marks.push(marks);
    target?.copy.write(rows);
    await target?.copy.keepUp();
    this.waiting--;
  }

  /** `firstId` null: fingerprints only. */
  private async make(packed: Buffer, firstId: number | null): Promise<Made> {
    if (this.total < WORTH_A_THREAD || !existsSync(THREAD)) return this.sealer.make(packed, firstId);
    const worker = (this.worker ??= this.start());
    return new Promise((resolve, reject) => {
      this.asked.push({ resolve, reject });
      // Copied: once a process has given memory away, all its code that works on bytes is slower.
      worker.postMessage({ packed, firstId }, []);
    });
  }

  private start(): Worker {
    const { keys, promotionId } = this;
    const worker = new Worker(THREAD, { workerData: { keys, promotionId } });
    // A thread answers in the order in which it was asked.
    worker.on('message', (made: Made) => this.asked.shift()?.resolve(made));
    return worker.on('error', (fault) => {
      for (const { reject } of this.asked.splice(0)) reject(fault);
    });
  }
}
