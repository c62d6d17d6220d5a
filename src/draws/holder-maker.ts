import { createSecretKey, hash } from 'node:crypto';
import { GcmBatch, NONCE, TAG as SEAL } from '../platform/crypto/gcm-batch.js';
import { KeyedHash } from '../platform/crypto/keyed-hash.js';
import { Vault } from '../platform/crypto/vault.js';

const TAG = 'thidua-draw/1 holder';
const DIGEST = 32;
const ROOM = 4096;
/** One stand-in: number of the payer, digest. */
export const RECORD = 4 + DIGEST;
/** Before the sealed data of a packed payer: number, length. */
export const HEAD = 4 + 2;
/** No sealed data are shorter: version, length of the key id, key id, nonce, tag. */
const SHORTEST = 2 + 1 + NONCE + SEAL;
const TAB = 9;

/**
 * Makes the public stand-ins of the people on one list, as `holderOf` of the rules makes them from `saltOf`: with prepared
 * messages, because a list may have millions.
 */
export class HolderMaker {
  private readonly salts: KeyedHash;
  private readonly message = Buffer.alloc(ROOM);
  private readonly saltAt: number;
  private readonly head: Buffer;
  private readonly gcm: GcmBatch;

  /** `secret`: of this draw. */
  constructor(
    secret: Uint8Array,
    private readonly vault: Vault,
  ) {
    this.salts = new KeyedHash(secret);
    this.saltAt = this.message.writeUInt32BE(TAG.length);
    this.saltAt += this.message.write(TAG, this.saltAt, 'latin1');
    this.saltAt = this.message.writeUInt32BE(DIGEST, this.saltAt);
    this.head = vault.head;
    this.gcm = new GcmBatch(createSecretKey(vault.keys.data[0]!.key), this.head);
  }

  /**
   * The stand-ins of packed payers: each a number (4 bytes), the length of the sealed data (2) and the data, which are
   * opened where they stand. @throws Error when any of them were altered.
   */
  make(packed: Uint8Array): Uint8Array {
    const source = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
    const records = Buffer.allocUnsafeSlow(Math.ceil(source.length / HEAD) * RECORD);
    this.open(source);
    let to = 0;
    for (let at = 0; at < source.length;) {
      const payerId = source.readUInt32LE(at);
      const end = at + HEAD + source.readUInt16LE(at + 4);
      to = records.writeUInt32LE(payerId, to);
      to += records.write(this.digest(payerId, this.identity(source, at + HEAD, end)), to, 'latin1');
      at = end;
    }
    return records.subarray(0, to);
  }

  /** Opens all that the newest key sealed. */
  private open(memory: Buffer): void {
    const most = Math.ceil(memory.length / (HEAD + SHORTEST));
    const starts = new Uint32Array(most);
    const lengths = new Uint32Array(most);
    let count = 0;
    for (let at = 0; at < memory.length;) {
      const from = at + HEAD;
      const end = from + memory.readUInt16LE(at + 4);
      if (this.isNewest(memory, from)) {
        starts[count] = from + this.head.length + NONCE;
        lengths[count] = end - SEAL - starts[count]!;
        if (end - SEAL < starts[count++]!) throw new Error('sealed data were cut short');
      }
      at = end;
    }
    this.gcm.open({ memory, starts, lengths, count });
  }

  /** What stands before the first tab of a clear text; what an older key sealed is opened by itself. */
  private identity(memory: Buffer, from: number, end: number): string {
    if (!this.isNewest(memory, from)) {
      const text = this.vault.open(memory.subarray(from, end));
      return text.slice(0, text.indexOf('\t'));
    }
    const start = from + this.head.length + NONCE;
    const tab = memory.indexOf(TAB, start);
    return tab < 0 || tab >= end - SEAL ? '' : memory.toString('utf8', start, tab);
  }

  private isNewest(memory: Buffer, from: number): boolean {
    const { head } = this;
    for (let at = 0; at < head.length; at++) if (memory[from + at] !== head[at]) return false;
    return true;
  }

  private digest(payerId: number, identity: string): string {
    const { message, saltAt } = this;
    const from = saltAt + DIGEST + 4;
    const salted = from + message.write(`salt ${payerId}`, from, 'latin1');
    this.salts.write(message, from, salted, message, saltAt);
    if (from + identity.length * 4 > ROOM)
      throw new RangeError(`an identity of ${identity.length} characters`);
    const length = message.write(identity.normalize('NFC'), from, 'utf8');
    message.writeUInt32BE(length, from - 4);
    return hash('sha256', message.subarray(0, from + length), 'binary');
  }
}
