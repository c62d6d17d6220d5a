import type { INestApplicationContext } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { progressOf, record } from './installation.js';
import { type Step, STEPS } from './steps.js';

/** `stopped`: the program was told to stop; the next start goes on from there. */
export type Filled = 'filled' | 'complete-before' | 'not-empty' | 'stopped';

/** Held by the one process that fills; others wait until it is done. */
const LOCK = 7_403_020;

/**
 * Makes an empty database the example province. Each step is one transaction that also records that it was done, or can be
 * repeated without harm; so a filling that was killed goes on at the next start. A database that holds anything else is
 * left alone.
 */
export async function fillDemo(
  app: INestApplicationContext,
  stop: AbortSignal,
  tell: (line: string) => void,
): Promise<Filled> {
  const keeper = app.get(DataSource).createQueryRunner();
  await keeper.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    const progress = await progressOf(keeper.manager);
    if (progress.state === 'complete') return 'complete-before';
    if (progress.state === 'none' && !(await isEmpty(keeper.manager))) return 'not-empty';
    await record(keeper.manager, 'demo', 'filling');
    for (const [index, step] of STEPS.entries()) {
      if (stop.aborted) return 'stopped';
      if (!progress.done.has(step.name))
        await timed(`${index + 1}/${STEPS.length} ${step.title}`, tell, () => run(app, step));
    }
    // The planner knows nothing yet of what came in bulk.
    await keeper.query('analyze');
    await record(keeper.manager, 'demo', 'complete');
    return 'filled';
  } finally {
    await keeper.query('select pg_advisory_unlock($1)', [LOCK]);
    await keeper.release();
  }
}

async function run(app: INestApplicationContext, step: Step): Promise<void> {
  const db = app.get(DataSource);
  if (step.repeat) await step.repeat(app);
  await db.transaction(async (tx) => {
    if (step.once) await step.once(app, tx);
    await record(tx, `demo.${step.name}`, 'done');
  });
}

async function timed(title: string, tell: (line: string) => void, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await work();
  tell(`${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}

/** Nobody works here yet: no officer, no unit, no campaign. */
async function isEmpty(tx: EntityManager): Promise<boolean> {
  const [row] = await tx.query<{ empty: boolean }[]>(
    `select not exists (select from officer) and not exists (select from unit) and not exists (select from campaign) as empty`,
  );
  return row?.empty === true;
}
