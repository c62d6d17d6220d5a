import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Vault } from '../platform/crypto/vault.js';
import { HEAD, HolderMaker } from './holder-maker.js';
import { Holders } from './holders.js';

const BLOCK = 1 << 17;
/** From this many people on, threads pay. */
const WORTH_THREADS = 20_000;
/** Blocks given out and not answered, a thread. */
const AHEAD = 4;
const THREAD = new URL('holder-maker.thread.js', import.meta.url);

/** Makes the stand-ins of people while they are still being read: packs them into blocks, which threads take in turn. */
export class HolderCrew {
  readonly holders = new Holders();
  private readonly maker: HolderMaker;
  private readonly workers: Worker[] = [];
  private readonly block: Buffer = Buffer.allocUnsafeSlow(BLOCK);
  private at = 0;
  private count = 0;
  private given = 0;
  private out = 0;
  private fault: Error | undefined;
  private awake: () => void = () => undefined;

  constructor(
    private readonly secret: Buffer,
    private readonly vault: Vault,
  ) {
    this.maker = new HolderMaker(secret, vault);
  }

  /** The sealed data lie in `bytes` from `from` to `to`. */
  add(payerId: number, bytes: Buffer, from: number, to: number): void {
    if (this.at + HEAD + to - from > BLOCK) this.turn();
    this.block.writeUInt32LE(payerId, this.at);
    this.block.writeUInt16LE(to - from, this.at + 4);
    this.at += HEAD + bytes.copy(this.block, this.at + HEAD, from, to);
    this.count++;
  }

  /** Waits when more is to be made than memory should hold. */
  async keepUp(): Promise<void> {
    await this.until(AHEAD * this.workers.length);
  }

  async finished(): Promise<Holders> {
    if (this.at > 0) this.turn();
    await this.until(0);
    return this.holders;
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private async until(most: number): Promise<void> {
    while (this.out > most && !this.fault) await new Promise<void>((wake) => (this.awake = wake));
    if (this.fault) throw this.fault;
  }

  private turn(): void {
    const packed = this.block.subarray(0, this.at);
    const worker = this.worker();
    if (worker) {
      this.out++;
      // Copied, not given away: see the spool of payers.
      worker.postMessage(packed, []);
    } else this.holders.keep(this.maker.make(packed));
    this.at = 0;
  }

  private worker(): Worker | undefined {
    if (this.count < WORTH_THREADS || !existsSync(THREAD)) return undefined;
    if (this.workers.length === 0)
      for (let one = Math.min(4, availableParallelism()); one > 0; one--) this.workers.push(this.hire());
    return this.workers[this.given++ % this.workers.length];
  }

  private hire(): Worker {
    const failed = (fault: Error) => {
      this.fault ??= fault;
      this.awake();
    };
    return new Worker(THREAD, { workerData: { keys: this.vault.keys, secret: this.secret } })
      .on('message', (records: Uint8Array) => {
        this.holders.keep(records);
        this.out--;
        this.awake();
      })
      .on('error', failed)
      .on('exit', (code) => failed(new Error(`a thread ended with ${code}`)));
  }
}
