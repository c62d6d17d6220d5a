import type { DataSource } from 'typeorm';
import { to as copyTo } from 'pg-copy-streams';
import type { Client } from 'pg';
import { millionths } from '../rules/scoring/decimal.js';
import { MILLION } from '../rules/scoring/fraction.js';
import { addDays } from '../rules/calendar/day.js';
import type { Contest } from './contest.js';
import { place, sumAll } from './cube-sums.js';
import { FactCube, type CubeFact } from './fact-cube.js';

/** All readings of a campaign that counted at an instant, as a cube. Streams; two million rows never become objects. */
export async function loadCube(db: DataSource, contest: Contest, knownAt: Date | null): Promise<FactCube> {
  const cube = new FactCube(contest);
  const slow = new RowReader(cube);
  const runner = db.createQueryRunner();
  try {
    const client = (await runner.connect()) as unknown as Client;
    const stream = client.query(copyTo(`copy (${readingsSql(contest, counted(knownAt))}) to stdout`));
    let rest: Buffer | null = null;
    for await (const chunk of stream as AsyncIterable<Buffer>)
      rest = slow.read(rest ? Buffer.concat([rest, chunk]) : chunk);
  } finally {
    await runner.release();
  }
  slow.finish();
  sumAll(cube);
  return cube;
}

/** What counts: approved by then, and not yet replaced. */
export const counted = (knownAt: Date | null, alias = 'r'): string =>
  knownAt === null
    ? `${alias}.approved_at is not null and ${alias}.replaced_at is null and not ${alias}.withdrawn`
    : `${alias}.approved_at <= '${knownAt.toISOString()}' and not ${alias}.withdrawn
       and (${alias}.replaced_at is null or ${alias}.replaced_at > '${knownAt.toISOString()}')`;

/** Whole numbers only, so that the stream can be read byte by byte; a value travels as text in the last column. */
const readingsSql = (contest: Contest, condition: string) =>
  `select indicator_id, unit_id, from_on - date '${contest.startsOn}' + ${FAR}, to_on - date '${contest.startsOn}' + ${FAR},
          numerator, denominator, (source = 'derived')::int, trim_scale(value)
     from reading r where campaign_id = ${contest.id} and to_on <= date '${addDays(contest.startsOn, contest.days)}' and ${condition}`;

/** Keeps days before the launch above zero on their way here. */
const FAR = 100_000;
const FIELDS = 8;
const [TAB, NEWLINE, NOTHING] = [9, 10, 92];

/** Reads COPY text. The plain daily row goes straight into the arrays; everything else waits until all of them are in. */
class RowReader {
  private readonly slots: Map<number, number>;
  private readonly waiting: CubeFact[] = [];
  private readonly fields = new Float64Array(FIELDS);

  constructor(private readonly cube: FactCube) {
    this.slots = new Map(cube.contest.indicators.map(({ id }, slot) => [id, slot]));
  }

  /** Takes all complete rows; returns what is left over. */
  read(bytes: Buffer): Buffer | null {
    const { fields } = this;
    let [field, value, start, fieldStart] = [0, 0, 0, 0];
    fields.fill(-1);
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === TAB || byte === NEWLINE) {
        if (bytes[fieldStart] !== NOTHING && field < FIELDS - 1) fields[field] = value;
        const text =
          field === FIELDS - 1 && bytes[fieldStart] !== NOTHING
            ? bytes.toString('latin1', fieldStart, i)
            : null;
        field++;
        value = 0;
        fieldStart = i + 1;
        if (byte === NEWLINE) {
          this.take(text);
          field = 0;
          start = i + 1;
          fields.fill(-1);
        }
      } else value = value * 10 + byte - 48;
    }
    return start === bytes.length ? null : bytes.subarray(start);
  }

  /** Rows that were not plain: short stretches first, so that the longest has the last word; derived ones last. */
  finish(): void {
    this.waiting.sort(
      (a, b) =>
        Number(a.derived) - Number(b.derived) || a.until - a.from - (b.until - b.from) || a.from - b.from,
    );
    for (const fact of this.waiting) place(this.cube, fact);
  }

  private take(text: string | null): void {
    const { fields, cube } = this;
    const slot = this.slots.get(fields[0]!) ?? -1;
    if (slot < 0) return;
    const row = cube.rowOf(fields[1]!);
    const [from, until, n, d] = [fields[2]! - FAR, fields[3]! - FAR, fields[4]!, fields[5]!];
    if (row >= 0 && until - from === 1 && from >= 0 && d >= 0 && fields[6] === 0) {
      const at = cube.at(from, slot, row);
      if (cube.reportedD[at]! < 0) {
        cube.reportedN[at] = n;
        cube.reportedD[at] = d;
        return;
      }
    }
    const fact = factOf(cube, { unit: fields[1]!, slot, from, until, n, d, derived: fields[6] === 1, text });
    if (fact) this.waiting.push(fact);
  }
}

export interface RawReading {
  readonly unit: number;
  readonly slot: number;
  readonly from: number;
  readonly until: number;
  /** −1 where the reading has none. */
  readonly n: number;
  readonly d: number;
  readonly derived: boolean;
  readonly text: string | null;
}

/** A reading as the cube takes it; nothing for a unit that has no row on this tree. */
export function factOf(cube: FactCube, raw: RawReading): CubeFact | null {
  const { slot, from, until, derived } = raw;
  const row = cube.rowOf(raw.unit);
  return row < 0 ? null : { slot, row, from, until, derived, ...figureOf(cube, raw) };
}

function figureOf(cube: FactCube, { slot, n, d, text }: RawReading) {
  const indicator = cube.contest.indicators[slot];
  if (text !== null && indicator?.form === 'ratio')
    return { numerator: millionths(text), denominator: 100 * MILLION, percentOnly: true };
  if (text !== null) {
    const denominator = indicator?.form === 'level' ? indicator.maximum : MILLION;
    return { numerator: millionths(text), denominator, percentOnly: false };
  }
  return { numerator: n, denominator: d < 0 ? 1 : d, percentOnly: false };
}
