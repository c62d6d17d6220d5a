import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';

/** What COPY sends before the first row: signature, flags, length of an extension. */
const START = 19;

/** The fields of one row: field n lies from `places[2n]` to `places[2n + 1]`. Both are overwritten by the next row. */
export type EachRow = (bytes: Buffer, places: Int32Array) => void;

/**
 * Hands over the rows of a query with `columns` values, none of them null, in the binary form of their types: without an
 * object per row. The query takes no parameters. `rest` is waited for now and then, so that work begun by `each` can keep up.
 */
export async function readRows(
  tx: EntityManager,
  query: string,
  columns: number,
  each: EachRow,
  rest?: () => Promise<void>,
): Promise<void> {
  const connection = (await tx.queryRunner?.connect()) as PoolClient;
  const places = new Int32Array(columns * 2);
  let left: Buffer = Buffer.alloc(0);
  let at = START;
  const stream = connection.query(copyTo(`copy (${query}) to stdout with (format binary)`));
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = left.length > 0 ? Buffer.concat([left, chunk]) : chunk;
    for (let end = rowEnd(bytes, at, places); end > 0; end = rowEnd(bytes, at, places)) {
      each(bytes, places);
      at = end;
    }
    left = bytes.subarray(Math.min(at, bytes.length));
    at = Math.max(0, at - bytes.length);
    await rest?.();
  }
}

/** Where the row at `at` ends, or 0 when it is not all there; −1 as its number of fields ends the rows. */
function rowEnd(bytes: Buffer, at: number, places: Int32Array): number {
  if (at + 2 > bytes.length || bytes.readInt16BE(at) < 0) return 0;
  let place = at + 2;
  for (let field = 0; field < places.length; field += 2) {
    if (place + 4 > bytes.length) return 0;
    const from = place + 4;
    place = from + bytes.readInt32BE(place);
    if (place > bytes.length) return 0;
    places[field] = from;
    places[field + 1] = place;
  }
  return place;
}

/** The value of a field of type bigint that is no larger than a number may be. */
export const bigintAt = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * 4_294_967_296 + bytes.readUInt32BE(at + 4);
