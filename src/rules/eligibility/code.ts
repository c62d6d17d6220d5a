/** How a promotion writes its lucky codes. Codes are text for ever: leading zeros count. */
export interface CodeFormat {
  /** Capital letters and digits, may be empty. */
  readonly prefix: string;
  /** Number of digits, 1 to 12. */
  readonly digits: number;
  /** `sequential` counts up; `shuffled` jumps about, still without repeating. */
  readonly order: 'sequential' | 'shuffled';
  /** Four unsigned 32-bit words that fix the shuffle of this promotion. Not a secret worth guarding: it hides counts, not winners. */
  readonly key: readonly [number, number, number, number];
}

/** How many different codes the format can write: five digits hold 100.000. */
export function capacityOf({ digits }: Pick<CodeFormat, 'digits'>): number {
  return 10 ** digits;
}

/**
 * The code with this number of issue (1, 2, 3 …). Promises a different code for every number up to the capacity;
 * number 1 of a sequential format of five digits is `00001`, the last one `00000`. Throws a RangeError beyond it.
 */
export function codeOf(number: number, format: CodeFormat): string {
  const capacity = capacityOf(format);
  if (!Number.isSafeInteger(number) || number < 1 || number > capacity)
    throw new RangeError(`no code number ${number}: the format holds ${capacity}`);
  const value =
    format.order === 'sequential' ? number % capacity : shuffled(number - 1, capacity, format.key);
  return format.prefix + String(value).padStart(format.digits, '0');
}

/** Faults of a format as it is typed in; empty when sound. Prefix and digits together fit the protocol's 32 characters. */
export function formatFaults({
  prefix,
  digits,
}: Pick<CodeFormat, 'prefix' | 'digits'>): ('prefix' | 'digits')[] {
  const faults: ('prefix' | 'digits')[] = [];
  if (!/^[0-9A-Z]{0,20}$/.test(prefix)) faults.push('prefix');
  if (!Number.isInteger(digits) || digits < 1 || digits > 12) faults.push('digits');
  return faults;
}

/** A permutation of 0 … capacity − 1: a Feistel network over the next even power of two, walked until it lands inside. */
function shuffled(value: number, capacity: number, key: readonly number[]): number {
  let half = 1;
  while (2 ** (2 * half) < capacity) half++;
  const size = 2 ** half;
  let walked = value;
  do {
    let left = Math.floor(walked / size);
    let right = walked % size;
    for (let round = 0; round < 8; round++) {
      const next = (left ^ mixed(right, (key[round & 3] ?? 0) + round)) & (size - 1);
      left = right;
      right = next;
    }
    walked = left * size + right;
  } while (walked >= capacity);
  return walked;
}

/** The finisher of MurmurHash3 over value and key: spreads every bit. */
function mixed(value: number, key: number): number {
  let hash = Math.imul(value ^ key, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ key, 0xc2b2ae35);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x27d4eb2f);
  return (hash ^ (hash >>> 15)) >>> 0;
}
