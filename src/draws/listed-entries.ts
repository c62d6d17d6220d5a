const BLOCK = 1 << 20;
const MOST_CODE = 32;
/** Length, code, payer. */
const LONGEST = 1 + MOST_CODE + 4;

/** Codes and their payers in the order of the list, 14 bytes or so an entry, without an object for each. */
export class ListedEntries {
  size = 0;
  /** By number of the payer: who has a code on the list. */
  private payers = new Uint8Array(1024);
  private readonly before = new Uint8Array(MOST_CODE);
  private readonly full: Buffer[] = [];
  private block: Buffer = Buffer.allocUnsafe(BLOCK);
  private at = 0;

  /** The code lies in `bytes` from `from` to `to`. @throws RangeError for what cannot be on a list, or not in this place. */
  add(bytes: Uint8Array, from: number, to: number, payerId: number): void {
    if (to <= from || to - from > MOST_CODE)
      throw new RangeError(`a code of ${to - from} characters: wanted 1 to ${MOST_CODE}`);
    if (!(payerId > 0 && payerId < 2 ** 32)) throw new RangeError(`payer ${payerId}: wanted 1 to 2^32 - 1`);
    if (this.at > BLOCK - LONGEST) this.turn();
    this.block[this.at++] = to - from;
    this.code(bytes, from, to);
    this.at = this.block.writeUInt32LE(payerId, this.at);
    this.mark(payerId);
    this.size++;
  }

  holds(payerId: number): boolean {
    return this.payers[payerId] === 1;
  }

  /** All entries in order: `bytes` holds the code from `from` to `to`. One object, changed from entry to entry. */
  *[Symbol.iterator](): Generator<{ bytes: Buffer; from: number; to: number; payerId: number }> {
    const entry = { bytes: this.block, from: 0, to: 0, payerId: 0 };
    for (const bytes of [...this.full, this.block.subarray(0, this.at)]) {
      entry.bytes = bytes;
      for (let at = 0; at < bytes.length; at = entry.to + 4) {
        entry.from = at + 1;
        entry.to = entry.from + bytes[at]!;
        entry.payerId = bytes.readUInt32LE(entry.to);
        yield entry;
      }
    }
  }

  private code(bytes: Uint8Array, from: number, to: number): void {
    const { block, before } = this;
    let order = 0;
    for (let place = from; place < to; place++) {
      const letter = bytes[place]!;
      if (letter < 48 || letter > 90 || (letter > 57 && letter < 65))
        throw new RangeError(`byte ${letter} in a code: wanted 0-9 and A-Z`);
      if (order === 0) order = letter - before[place - from]!;
      before[place - from] = letter;
      block[this.at++] = letter;
    }
    if (order <= 0)
      throw new RangeError(
        `code ${Buffer.from(before).toString('latin1', 0, to - from)}: wanted ascending codes, each once`,
      );
    before.fill(0, to - from);
  }

  private turn(): void {
    this.full.push(this.block.subarray(0, this.at));
    this.block = Buffer.allocUnsafe(BLOCK);
    this.at = 0;
  }

  private mark(payerId: number): void {
    if (payerId >= this.payers.length) {
      const larger = new Uint8Array(Math.max(payerId + 1, this.payers.length * 2));
      larger.set(this.payers);
      this.payers = larger;
    }
    this.payers[payerId] = 1;
  }
}
