import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';

const CHUNK = 1 << 18;
const BINARY_START = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const BINARY_END = Buffer.from([255, 255]);

/** A stream of binary rows into a table, inside the transaction. */
export function copyBinary(tx: EntityManager, target: string): Promise<CopyStreamQuery> {
  return copyInto(tx, `${target} from stdin with (format binary)`);
}

/** Sends a file of rows in COPY's text format into a table, inside the transaction. */
export async function copyText(tx: EntityManager, target: string, path: string): Promise<void> {
  await pipeline(
    createReadStream(path, { highWaterMark: CHUNK }),
    await copyInto(tx, `${target} from stdin`),
  );
}

/** Sends a file of bare binary rows into a table, inside the transaction. */
export async function copyBinaryRows(tx: EntityManager, target: string, path: string): Promise<void> {
  const framed = async function* () {
    yield BINARY_START;
    yield* createReadStream(path, { highWaterMark: CHUNK });
    yield BINARY_END;
  };
  await pipeline(framed, await copyBinary(tx, target));
}

/** COPY must run on the connection that holds the transaction. */
async function copyInto(tx: EntityManager, target: string): Promise<CopyStreamQuery> {
  const connection = (await tx.queryRunner?.connect()) as PoolClient;
  return connection.query(copyFrom(`copy ${target}`));
}
