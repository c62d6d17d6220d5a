import type { DataSource, EntityManager } from 'typeorm';

/** How far the example is, as the table `installation` has it. */
export interface Progress {
  readonly state: 'none' | 'filling' | 'complete';
  readonly done: ReadonlySet<string>;
}

export async function progressOf(db: DataSource | EntityManager): Promise<Progress> {
  const rows = await db.query<{ name: string; value: string }[]>(
    `select name, value from installation where name = 'demo' or name like 'demo.%'`,
  );
  const state = rows.find(({ name }) => name === 'demo')?.value;
  return {
    state: state === 'complete' || state === 'filling' ? state : 'none',
    done: new Set(rows.map(({ name }) => name.replace(/^demo\.?/, ''))),
  };
}

export async function record(tx: EntityManager, name: string, value: string): Promise<void> {
  await tx.query(
    `insert into installation (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value, at = now()`,
    [name, value],
  );
}
