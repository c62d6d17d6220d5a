import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Runs a statement that every connection parses and plans once, under `name`: for the ways that many people take at once.
 * The same name must always stand for the same text.
 */
export async function prepared<Row extends object>(
  db: DataSource,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { master } = db.driver as unknown as { master: Pool };
  const { rows } = await master.query<Row>({ name, text, values: [...values] });
  return rows;
}

/** In the list of a statement: its commit does not wait for the disk. For what may be lost in a crash of the server. */
export const NO_WAIT = `(select set_config('synchronous_commit', 'off', true))`;
