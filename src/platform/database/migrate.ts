import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runMigrations as migrateQueue } from 'graphile-worker';
import pg from 'pg';
import { MIGRATE } from './open-database.js';

const FOLDER = join(import.meta.dirname, 'migrations');

interface Step {
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

async function steps(folder: string): Promise<Step[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function apply(client: pg.Client, { name, sql, sha256 }: Step): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into migration (name, sha256) values ($1, $2)', [name, sha256]);
    await client.query('commit');
  } catch (fault) {
    await client.query('rollback');
    throw new Error(`migration ${name}: ${(fault as Error).message}`, { cause: fault });
  }
}

/**
 * Brings the schema up to date: each step once, in order, in a transaction of its own; any number of instances may start at once,
 * since the whole run holds an advisory lock.
 * @returns the names of the steps applied now.
 * @throws Error when a step that was applied before has another text today: migrations go forward only.
 */
export async function migrate(url: string, folder = FOLDER): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'thidua migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATE]);
    await client.query(
      'create table if not exists migration (name text primary key, sha256 text not null, at timestamptz not null default now())',
    );
    await migrateQueue({ connectionString: url });
    const { rows } = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from migration',
    );
    const done = new Map(rows.map((row) => [row.name, row.sha256]));
    const applied: string[] = [];
    for (const step of await steps(folder)) {
      const before = done.get(step.name);
      if (before === step.sha256) continue;
      if (before !== undefined)
        throw new Error(`migration ${step.name} was changed after it had been applied`);
      await apply(client, step);
      applied.push(step.name);
    }
    return applied;
  } finally {
    await client.end();
  }
}
