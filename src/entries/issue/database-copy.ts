import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { type CopyStreamQuery, from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import { BINARY_START, CopyRows } from './copy-rows.js';
import type { SpoolFile } from './spool-file.js';

const BINARY_END = Buffer.from([255, 255]);

/** A stream of binary rows into a table, inside the transaction; `made`: the table was made in it as well. */
function copyBinary(tx: EntityManager, target: string, made: boolean): Promise<CopyStreamQuery> {
  return copyInto(tx, `${target} from stdin with (format binary${made ? ', freeze' : ''})`);
}

/** Until a COPY is called off, the connection takes no other statement, not even the rollback. */
async function callOff(stream: CopyStreamQuery): Promise<void> {
  if (stream.destroyed) return;
  stream.destroy();
  await once(stream, 'close').catch(() => undefined);
}

/** Writes binary rows into a table, inside the transaction. */
export async function copyRows(
  tx: EntityManager,
  target: string,
  write: (rows: CopyRows) => Promise<void>,
  made = false,
): Promise<void> {
  const stream = await copyBinary(tx, target, made);
  const rows = new CopyRows(stream);
  try {
    await write(rows);
    await rows.end();
  } catch (fault) {
    await callOff(stream);
    throw fault;
  }
}

/** A COPY that stays open while its rows are made elsewhere; the connection takes nothing else meanwhile. */
export class OpenCopy {
  private fault: Error | null = null;

  private constructor(private readonly stream: CopyStreamQuery) {
    stream.on('error', (fault: Error) => (this.fault ??= fault));
    stream.write(BINARY_START);
  }

  static async begin(tx: EntityManager, target: string, made: boolean): Promise<OpenCopy> {
    return new OpenCopy(await copyBinary(tx, target, made));
  }

  /** Whole rows, without a frame; their memory must not be used again. */
  write(rows: Uint8Array): void {
    if (!this.fault) this.stream.write(rows);
  }

  /** Waits when the database is slower than what comes. */
  async keepUp(): Promise<void> {
    if (!this.fault && this.stream.writableNeedDrain) await once(this.stream, 'drain');
    if (this.fault) throw this.fault;
  }

  /** Resolves once the database has taken everything. */
  async end(): Promise<void> {
    if (this.fault) throw this.fault;
    this.stream.end(BINARY_END);
    await once(this.stream, 'finish');
  }

  async abandon(): Promise<void> {
    await callOff(this.stream);
  }
}

/** Sends rows in COPY's text format into a table, inside the transaction. */
export async function copyText(tx: EntityManager, target: string, rows: SpoolFile): Promise<void> {
  await rows.end();
  if (!rows.isEmpty) await pipeline(rows.pieces(), await copyInto(tx, `${target} from stdin`));
}

/**
 * Hands over the rows of a query that selects `columns` values of type bigint, none of them null: without an object per row.
 * The query takes no parameters.
 */
export async function readNumbers(
  tx: EntityManager,
  query: string,
  columns: number,
  each: (values: Float64Array) => void,
): Promise<void> {
  const connection = (await tx.queryRunner?.connect()) as PoolClient;
  const values = new Float64Array(columns);
  const size = 2 + columns * 12;
  let rest: Buffer = Buffer.alloc(0);
  let at = BINARY_START.length;
  for await (const chunk of connection.query(
    copyTo(`copy (${query}) to stdout with (format binary)`),
  ) as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (; at + size <= bytes.length; at += size) {
      for (let column = 0; column < columns; column++) {
        const value = at + 6 + column * 12;
        values[column] = bytes.readInt32BE(value) * 4294967296 + bytes.readUInt32BE(value + 4);
      }
      each(values);
    }
    rest = bytes.subarray(Math.min(at, bytes.length));
    at = Math.max(0, at - bytes.length);
  }
}

/** COPY must run on the connection that holds the transaction. */
async function copyInto(tx: EntityManager, target: string): Promise<CopyStreamQuery> {
  const connection = (await tx.queryRunner?.connect()) as PoolClient;
  return connection.query(copyFrom(`copy ${target}`));
}
