import { jest } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Intake } from '../src/entries/intake.service.js';
import { Batches } from '../src/payments/batches.service.js';
import { type TestApp, startApp } from './support/app.js';
import { batchOf, csv, type MadePromotion, makePromotion, type TestRow } from './support/promotion.js';

jest.setTimeout(180_000);

describe('an import that is disturbed', () => {
  let app: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    app = await startApp();
    other = await startApp({ databaseUrl: app.databaseUrl, dataDir: app.dataDir });
    for (const one of [app, other]) one.clock.set('2023-04-02T08:00:00+07:00');
  });
  afterAll(async () => {
    await other.close();
    await app.close();
  });

  const rows = (from: number, count: number): TestRow[] =>
    Array.from({ length: count }, (_, index) => ({
      ref: `R-${from + index}`,
      id: `0240910${String((from + index) % 90_000).padStart(5, '0')}`,
    }));
  const register = async (promotion: MadePromotion, content: string) => {
    const path = join(app.dataDir, `${Math.random()}.csv`);
    writeFileSync(path, content);
    const batches = app.get(Batches);
    const file = await batches.receiveFile(path);
    rmSync(path);
    return app.db.transaction((tx) =>
      batches.register(tx, file, {
        promotionId: promotion.id,
        profile: 'portal',
        via: 'command',
        officerId: null,
      }),
    );
  };
  const totals = async (promotion: MadePromotion) => {
    const [row] = await app.db.query(
      `select (select count(*)::int from payment where promotion_id = $1) as payments, (select count(*)::int from entry where promotion_id = $1) as entries,
         (select count(distinct source_ref)::int from payment where promotion_id = $1) as refs,
         (select coalesce(sum(received), 0)::int from tally where promotion_id = $1) as received,
         (select coalesce(sum(duplicate), 0)::int from tally where promotion_id = $1) as duplicate`,
      [promotion.id],
    );
    return row;
  };
  /** Instances look for what a dead import left behind, and finish it. */
  const over = async (id: number) => {
    for (let wait = 0; wait < 2400; wait++) {
      if (!['waiting', 'running'].includes((await batchOf(app, id)).state)) return;
      await new Promise((go) => setTimeout(go, 50));
    }
    throw new Error('nobody finished the import');
  };
  const importing = async (id: number) => {
    for (let wait = 0; wait < 400; wait++) {
      if ((await batchOf(app, id)).state === 'running') return;
      await new Promise((go) => setTimeout(go, 10));
    }
    throw new Error('the import did not begin');
  };

  it('is taken by one of two instances', async () => {
    const promotion = await makePromotion(app);
    const id = await register(promotion, csv(rows(0, 500)));
    await Promise.all([app.get(Intake).run(id), other.get(Intake).run(id), app.get(Intake).run(id)]);
    expect(await batchOf(app, id)).toMatchObject({ state: 'done', received: 500, eligible: 500 });
    expect(await totals(promotion)).toEqual({
      payments: 500,
      entries: 500,
      refs: 500,
      received: 500,
      duplicate: 0,
    });
  });

  it('counts exactly when overlapping files come at once', async () => {
    const promotion = await makePromotion(app);
    const first = await register(promotion, csv(rows(0, 600)));
    const second = await register(promotion, csv(rows(400, 600)));
    await Promise.all([app.get(Intake).run(first), other.get(Intake).run(second)]);
    expect(await totals(promotion)).toEqual({
      payments: 1000,
      entries: 1000,
      refs: 1000,
      received: 1200,
      duplicate: 200,
    });
  });

  it('leaves nothing when it is cancelled', async () => {
    const promotion = await makePromotion(app, { format: { digits: 9 } });
    const id = await register(promotion, csv(rows(0, 120_000)));
    const run = app.get(Intake).run(id);
    await importing(id);
    await app.db
      .transaction((tx) => app.get(Batches).cancel(tx, id, 1))
      .catch(async () => app.db.query('update import_batch set cancel_asked_at = now() where id = $1', [id]));
    await run;
    expect(await batchOf(app, id)).toMatchObject({ state: 'cancelled', received: 0 });
    expect(await totals(promotion)).toEqual({ payments: 0, entries: 0, refs: 0, received: 0, duplicate: 0 });
  });

  it('waits and begins again when the database drops its connection', async () => {
    const promotion = await makePromotion(app, { format: { digits: 9 } });
    const id = await register(promotion, csv(rows(0, 60_000)));
    const run = app.get(Intake).run(id);
    const failed = expect(run).rejects.toThrow();
    await importing(id);
    await app.db.query(
      `select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.objid = $1 and l.classid = 4040801`,
      [id],
    );
    await failed;
    expect(await batchOf(app, id)).toMatchObject({ received: 0 });
    await other.get(Intake).run(id);
    await over(id);
    expect(await batchOf(app, id)).toMatchObject({ state: 'done', received: 60_000, fault: null });
    expect(await totals(promotion)).toMatchObject({ payments: 60_000, refs: 60_000, received: 60_000 });
  });
});
