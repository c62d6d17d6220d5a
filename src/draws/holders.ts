import { RECORD } from './holder-maker.js';

const DIGEST = 32;
const HEX = Buffer.from(
  Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(''),
);

/** The stand-ins on a list by number of the payer, 32 bytes each. */
export class Holders {
  private digests = new Uint8Array(1024 * DIGEST);

  keep(records: Uint8Array): void {
    const source = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
    for (let at = 0; at < source.length; at += RECORD) {
      const to = source.readUInt32LE(at) * DIGEST;
      this.reach(to + DIGEST);
      for (let byte = 0; byte < DIGEST; byte++) this.digests[to + byte] = source[at + 4 + byte]!;
    }
  }

  /** Writes the 64 hex digits of a person. @throws RangeError for somebody who has none. */
  write(payerId: number, to: Uint8Array, at: number): void {
    let any = 0;
    for (let byte = 0; byte < DIGEST; byte++) {
      const value = this.digests[payerId * DIGEST + byte] ?? 0;
      any |= value;
      to[at + byte * 2] = HEX[value * 2]!;
      to[at + byte * 2 + 1] = HEX[value * 2 + 1]!;
    }
    if (any === 0) throw new RangeError(`payer ${payerId} has no stand-in`);
  }

  private reach(needed: number): void {
    if (needed <= this.digests.length) return;
    const larger = new Uint8Array(Math.max(needed, this.digests.length * 2));
    larger.set(this.digests);
    this.digests = larger;
  }
}
