import { createHash } from 'node:crypto';
import seedrandom from 'seedrandom';

/** The one seed of the example. Everything invented comes from it, so that every installation shows the same. */
const SEED = '9f2c5e7a1b3d4860c2e4f6a8b0d1e3f507192b3d4f5a6c7e8091a2b3c4d5e6f7';

/** Chance that repeats: each purpose has a stream of its own, so that a change of one leaves the others as they were. */
export class Chance {
  private readonly stream: seedrandom.PRNG;

  constructor(purpose: string) {
    this.stream = seedrandom(createHash('sha256').update(`${SEED}:${purpose}`).digest('hex'));
  }

  /** At least 0, below 1. */
  next(): number {
    return this.stream.quick();
  }

  /** A whole number, at least 0, below `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  happens(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  /** Around `mean`, never below 0: the rounded sum of four even chances, as wide as a count of that size scatters. */
  countAround(mean: number): number {
    const scatter = this.next() + this.next() + this.next() + this.next() - 2;
    return Math.max(0, Math.round(mean + scatter * Math.sqrt(3 * mean)));
  }

  /** How many of `cases` turn out well when each does with this share. */
  of(cases: number, share: number): number {
    if (cases > 40) {
      const scatter = this.next() + this.next() + this.next() + this.next() - 2;
      const wanted = cases * share + scatter * Math.sqrt(3 * cases * share * (1 - share));
      return Math.min(cases, Math.max(0, Math.round(wanted)));
    }
    let good = 0;
    for (let each = 0; each < cases; each++) if (this.happens(share)) good++;
    return good;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }
}
