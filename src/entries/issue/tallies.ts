import { dayText } from '../../rules/eligibility/day.js';

/** What is counted of each row; the equation's members. */
export const COUNTED = [
  'received',
  'eligible',
  'refused',
  'quarantined',
  'duplicate',
  'amount',
  'issued',
  'voided',
] as const;
export type Counted = (typeof COUNTED)[number];
export type Tally = Record<Counted, number>;

const UNKNOWN_DAY = -1;

/** The equation of a batch, kept per local day of payment and draw period while its rows go by. */
export class Tallies {
  private readonly lines = new Map<number, Tally>();
  private lastKey = Number.NaN;
  private last: Tally | null = null;

  /** The line of a day (null: unknown) and a period (0: none). */
  at(day: number | null, period: number): Tally {
    const key = (day ?? UNKNOWN_DAY) * 256 + period;
    if (key === this.lastKey && this.last) return this.last;
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = zero()));
    this.lastKey = key;
    return (this.last = line);
  }

  total(): Tally {
    const total = zero();
    for (const line of this.lines.values()) for (const kind of COUNTED) total[kind] += line[kind];
    return total;
  }

  /** Lines that say anything, in order of day and period. */
  rows(): (Tally & { day: string | null; period: number | null })[] {
    return [...this.lines]
      .sort(([a], [b]) => a - b)
      .filter(([, line]) => COUNTED.some((kind) => line[kind] !== 0))
      .map(([key, line]) => {
        const day = Math.floor(key / 256);
        const period = key - day * 256;
        return { day: day === UNKNOWN_DAY ? null : dayText(day), period: period || null, ...line };
      });
  }
}

function zero(): Tally {
  return {
    received: 0,
    eligible: 0,
    refused: 0,
    quarantined: 0,
    duplicate: 0,
    amount: 0,
    issued: 0,
    voided: 0,
  };
}
