import type { DataSource } from 'typeorm';
import { to as copyTo } from 'pg-copy-streams';
import type { Client } from 'pg';
import { addDays } from '../rules/calendar/day.js';
import type { Contest } from './contest.js';
import { takeOthers, takePlain, type RawReading } from './cube-filling.js';
import { sumAll } from './cube-sums.js';
import { FactCube } from './fact-cube.js';

/** All readings of a campaign that counted at an instant, as a cube. Streams; two million rows never become objects. */
export async function loadCube(db: DataSource, contest: Contest, knownAt: Date | null): Promise<FactCube> {
  const cube = new FactCube(contest, knownAt === null);
  const slow = new RowReader(cube);
  const runner = db.createQueryRunner();
  try {
    const client = (await runner.connect()) as unknown as Client;
    const instant = knownAt === null ? "(date_part('epoch', approved_at) * 1000000)::bigint" : '0';
    const stream = client.query(
      copyTo(`copy (${readingsSql(contest, instant, counted(knownAt))}) to stdout`),
    );
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
const readingsSql = (contest: Contest, instant: string, condition: string) =>
  `select indicator_id, unit_id, from_on - date '${contest.startsOn}' + ${FAR}, to_on - date '${contest.startsOn}' + ${FAR},
          numerator, denominator, (source = 'derived')::int, ${instant}, trim_scale(value)
     from reading r where campaign_id = ${contest.id} and to_on <= date '${addDays(contest.startsOn, contest.days)}' and ${condition}`;

/** Keeps days before the launch above zero on their way here. */
const FAR = 100_000;
const FIELDS = 9;
const [TAB, NEWLINE, NOTHING] = [9, 10, 92];

/** Reads COPY text. The plain daily row goes straight into the arrays; everything else waits until all of them are in. */
class RowReader {
  private readonly slots: number[] = [];
  private readonly waiting: RawReading[] = [];
  private readonly fields = new Float64Array(FIELDS);

  constructor(private readonly cube: FactCube) {
    cube.contest.indicators.forEach(({ id }, slot) => (this.slots[id] = slot));
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

  finish(): void {
    takeOthers(this.cube, this.waiting);
  }

  private take(text: string | null): void {
    const { fields, cube } = this;
    const slot = this.slots[fields[0]!] ?? -1;
    const row = slot < 0 ? -1 : cube.rowOf(fields[1]!);
    if (row < 0) return;
    const [from, until, n, d] = [fields[2]! - FAR, fields[3]! - FAR, fields[4]!, fields[5]!];
    const raw = { slot, row, from, until, n, d, derived: fields[6] === 1, text, approvedAt: fields[7]! };
    if (!takePlain(cube, raw)) this.waiting.push(raw);
  }
}
