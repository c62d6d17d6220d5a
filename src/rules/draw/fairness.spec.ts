import { createHash } from 'node:crypto';
import seedrandom from 'seedrandom';
import { EntryList } from './entries.js';
import { type Order, orderOf } from './order.js';
import { below, type Generator } from './shuffle.js';

const ENTRIES = 10;
const SEEDS = 12_000;
const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const list = EntryList.from(
  Array.from({ length: ENTRIES }, (_, at) => ({ code: String(at).padStart(5, '0'), holder: sha(`${at}`) })),
);
const chance = {
  seedrandom: (seed: string) => seedrandom(seed),
  hash: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
};

/** Sum of (seen − expected)² / expected. */
const chiSquare = (seen: readonly number[], expected: number) =>
  seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);

/**
 * For nine degrees of freedom a fair method stays below this in all but one of a million draws; the seeds are fixed,
 * so the test says the same every time.
 */
const LIMIT = 44.8;

/** How often each entry stood at each of the first places: one chi-square per place. */
function spread(orderFor: (seed: string) => Order, places = ENTRIES): number[] {
  const seen = Array.from({ length: places }, () => Array.from({ length: ENTRIES }, () => 0));
  for (let at = 0; at < SEEDS; at++) {
    const order = orderFor(sha(`fairness ${at}`));
    for (let place = 0; place < places; place++) seen[place]![order.at(place + 1)!]!++;
  }
  return seen.map((counts) => chiSquare(counts, SEEDS / ENTRIES));
}

describe('every entry is equally likely at every place', () => {
  it.each(['ticket', 'seedrandom'] as const)('by %s', (method) => {
    for (const value of spread((seed) => orderOf(method, seed, list, ENTRIES, chance)))
      expect(value).toBeLessThan(LIMIT);
  });

  it.each(['ticket', 'seedrandom'] as const)('and so is every pair of first and second, by %s', (method) => {
    const seen = new Map<string, number>();
    for (let at = 0; at < SEEDS; at++) {
      const order = orderOf(method, sha(`pairs ${at}`), list, 2, chance);
      const pair = `${order.at(1)} ${order.at(2)}`;
      seen.set(pair, (seen.get(pair) ?? 0) + 1);
    }
    expect(seen.size).toBe(ENTRIES * (ENTRIES - 1));
    // 89 degrees of freedom: one of a million fair draws exceeds 164.
    expect(chiSquare([...seen.values()], SEEDS / seen.size)).toBeLessThan(164);
  });
});

/** The same shuffle with a fault in it, to see that the test above would notice. */
function shuffledBy(pick: (generator: Generator, t: number) => number): (seed: string) => Order {
  return (seed) => {
    const generator = seedrandom(seed);
    const order = Array.from({ length: ENTRIES }, (_, at) => at);
    for (let t = 0; t < ENTRIES - 1; t++) {
      const other = pick(generator, t);
      [order[t], order[other]] = [order[other]!, order[t]!];
    }
    return { at: (position) => order[position - 1] };
  };
}

describe('the test itself notices', () => {
  it.each([
    ['no fault', (generator: Generator, t: number) => t + below(generator, ENTRIES - t), false],
    ['swapping with any place', (generator: Generator) => below(generator, ENTRIES), true],
    [
      'never leaving an entry where it is',
      (generator: Generator, t: number) => t + 1 + below(generator, ENTRIES - t - 1),
      true,
    ],
    [
      'never reaching the last one',
      (generator: Generator, t: number) => t + below(generator, Math.max(1, ENTRIES - t - 1)),
      true,
    ],
    [
      'a remainder of five bits',
      (generator: Generator, t: number) => t + ((generator.int32() >>> 27) % (ENTRIES - t)),
      true,
    ],
  ])('%s', (_, pick, noticed) => {
    const worst = Math.max(...spread(shuffledBy(pick)));
    expect(worst > LIMIT).toBe(noticed);
  });
});

describe('below(n) has no remainder bias', () => {
  const n = 3 * 2 ** 30;
  const thirds = (draw: (generator: Generator) => number) => {
    const seen = [0, 0, 0];
    const generator = seedrandom(sha('below'));
    for (let at = 0; at < 30_000; at++) seen[Math.floor(draw(generator) / 2 ** 30)]!++;
    return chiSquare(seen, 10_000);
  };

  it('where a remainder alone would make a third of the numbers twice as likely', () => {
    expect(thirds((generator) => below(generator, n))).toBeLessThan(27.6); // one in a million, 2 degrees of freedom
    expect(thirds((generator) => (generator.int32() >>> 0) % n)).toBeGreaterThan(1000);
  });
});
