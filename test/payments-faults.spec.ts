import { jest } from '@jest/globals';
import { type ChildProcess, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { Intake } from '../src/entries/intake.service.js';
import { ApiKeys } from '../src/payments/api-keys.service.js';
import { Batches } from '../src/payments/batches.service.js';
import { type Binaries, binaries } from '../src/platform/database/binaries.js';
import { type Cluster, openCluster, stopCluster } from '../src/platform/database/cluster.js';
import { dataSourceOptions } from '../src/platform/database/data-source.js';
import { migrate } from '../src/platform/database/migrate.js';
import { type TestApp, startApp } from './support/app.js';
import { ended, printed, startCli } from './support/cli.js';
import { batchOf, csv, type MadePromotion, makePromotion, type TestRow } from './support/promotion.js';
import { PASSWORD, postLogin, signIn, tokenIn } from './support/sign-in.js';

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
  /** The batch of a promotion, once rows of it were read. */
  const begun = async (promotion: MadePromotion): Promise<number> => {
    for (let wait = 0; wait < 4000; wait++) {
      const [batch] = await app.db.query(
        `select id from import_batch where promotion_id = $1 and state = 'running' and read_rows > 0`,
        [promotion.id],
      );
      if (batch) return batch.id;
      await new Promise((go) => setTimeout(go, 10));
    }
    throw new Error('the import did not begin');
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

  it.each([
    ['an amount', 'payment', 'new.amount := new.amount + 1', 'amount'],
    ['the payment of a code', 'entry', 'new.payment_id := 4000', 'fingerprint of payments with entries'],
  ])('leaves nothing when the database holds %s otherwise than decided', async (_, table, change, told) => {
    const promotion = await makePromotion(app);
    await app.get(Intake).run(await register(promotion, csv(rows(0, 20))));
    const held = await totals(promotion);
    await app.db.query(`create function bend() returns trigger language plpgsql as $$ begin
        if ${table === 'entry' ? 'new.number = 25' : `new.source_ref = 'R-24'`} then ${change}; end if; return new; end $$;
      create trigger bend before insert on ${table} for each row execute function bend()`);
    const id = await register(promotion, csv(rows(20, 20)));
    await expect(app.get(Intake).run(id)).rejects.toThrow(`differ from what was decided: ${told}`);
    expect(await totals(promotion)).toEqual(held);
    await app.db.query('drop function bend cascade');
    await app.get(Intake).run(id);
    expect(await batchOf(app, id)).toMatchObject({ state: 'done', eligible: 20, entries: 20 });
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

  it('is finished by another instance when its process is killed', async () => {
    const promotion = await makePromotion(app, { format: { digits: 9 } });
    // Beside a few payments of before, the large file fills a segment of its own.
    await app.get(Intake).run(await register(promotion, csv(rows(200_000, 500))));
    const path = join(app.dataDir, 'killed.csv');
    writeFileSync(path, csv(rows(0, 150_000)));
    const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir };
    const child = await startCli(['payments', 'import', promotion.slug, path], env);
    const id = await begun(promotion);
    child.kill('SIGKILL');
    expect(await ended(child)).toBe(null);
    await app.get(Intake).run(id);
    await over(id);
    expect(await batchOf(app, id)).toMatchObject({ state: 'done', received: 150_000, attempts: 2 });
    expect(await totals(promotion)).toEqual({
      payments: 150_500,
      entries: 150_500,
      refs: 150_500,
      received: 150_500,
      duplicate: 0,
    });
  });

  it('is refused when the sender goes on writing while it is received, or when what we keep of it is changed', async () => {
    const promotion = await makePromotion(app, { format: { digits: 9 } });
    const path = join(app.dataDir, 'growing.csv');
    writeFileSync(path, csv(rows(0, 200_000)));
    const batches = app.get(Batches);
    mkdirSync(batches.folder, { recursive: true });
    const before = readdirSync(batches.folder).length;
    const received = batches.receiveFile(path).catch((fault: unknown) => fault);
    while (readdirSync(batches.folder).length === before) await new Promise((go) => setImmediate(go));
    appendFileSync(path, 'x');
    expect(await received).toMatchObject({ findings: [{ code: 'payments.faults.file-changed' }] });

    const id = await register(promotion, csv(rows(0, 30_000)));
    const [{ name, size }] = await app.db.query(
      `select encode(file_sha256, 'hex') as name, file_bytes::int as size from import_batch where id = $1`,
      [id],
    );
    let replaced = false;
    await app.get(Intake).run(id, (read) => {
      if (read >= size || replaced) return;
      replaced = true;
      writeFileSync(join(batches.folder, name), csv(rows(70_000, 30_000)));
    });
    expect(replaced).toBe(true);
    expect(await batchOf(app, id)).toMatchObject({ state: 'refused', fault: { code: 'file-changed' } });
    expect(await totals(promotion)).toMatchObject({ payments: 0, entries: 0, received: 0 });
  });

  it.each(['payments.copy', 'quarantined.copy', 'conflicts.copy'])(
    'takes nothing and waits when the disk is full (%s)',
    async (name) => {
      const promotion = await makePromotion(app, { format: { digits: 9 } });
      const faulty = rows(0, 20_000).map((row) => ({
        ...row,
        ...(name === 'quarantined.copy' && { id: '1' }),
      }));
      const twice = name === 'conflicts.copy' ? rows(0, 12_000).map((row) => ({ ...row, amount: 7 })) : [];
      const sent = name === 'conflicts.copy' ? [...rows(0, 12_000), ...twice] : faulty;
      const id = await register(promotion, csv(sent));
      const intake = app.get(Intake) as unknown as {
        inMemory: number;
        folder: () => Promise<string>;
      };
      const { folder, inMemory } = intake;
      intake.inMemory = 0;
      intake.folder = async () => {
        const made = await folder.call(intake);
        symlinkSync('/dev/full', join(made, name));
        return made;
      };
      await expect(app.get(Intake).run(id)).rejects.toThrow('ENOSPC');
      intake.folder = folder.bind(intake);
      intake.inMemory = inMemory;
      expect(await batchOf(app, id)).toMatchObject({
        state: 'waiting',
        fault: { code: 'disk-full' },
        received: 0,
      });
      expect(await totals(promotion)).toMatchObject({ payments: 0, entries: 0, received: 0 });
      await app.get(Intake).run(id);
      await over(id);
      expect(await batchOf(app, id)).toMatchObject({ state: 'done', received: sent.length, fault: null });
    },
  );

  it('has no room for what is sent: says so on the page, keeps what programs send; killed in an import, goes on with it when started again', async () => {
    const own = await startApp();
    const promotion = await makePromotion(own, { format: { digits: 9 } });
    const { login, id, organisationId } = await signIn(own, { roles: [{ role: 'partner' }] });
    const of = { promotionId: promotion.id, organisationId, source: 'portal', title: 'Máy chủ' };
    const { key } = await own.db.transaction((tx) => own.get(ApiKeys).make(tx, of, id));
    const { folder } = own.get(Batches);
    await own.close();
    const db = await new DataSource(dataSourceOptions(own.databaseUrl)).initialize();
    const servers: ChildProcess[] = [];
    const serve = async (before?: string) => {
      const port = String(20_000 + Math.floor(Math.random() * 20_000));
      const env = { DATABASE_URL: own.databaseUrl, DATA_DIR: own.dataDir, PORT: port };
      const server = await startCli(['serve'], env, before);
      await printed(server, 'Thi Đua:');
      servers.push(server);
      const url = `http://127.0.0.1:${port}`;
      const http = supertest.agent(url);
      await postLogin(http, login, PASSWORD);
      const desk = `/office/payments/${promotion.slug}`;
      const upload = async (text: string) => {
        const _csrf = tokenIn((await http.get(desk).expect(200)).text);
        return http
          .post(`${desk}/batches?lang=en`)
          .field('_csrf', _csrf)
          .field('profile', 'portal')
          .attach('file', Buffer.from(text), 'sent.csv');
      };
      return { server, url, upload };
    };
    try {
      // Files of at most 256 blocks of 512 bytes.
      const small = await serve('ulimit -f 256');
      const refused = await small.upload(csv(rows(0, 20_000)));
      expect([refused.status, refused.text]).toEqual([
        507,
        expect.stringContaining('Nothing of it was kept'),
      ]);
      const payments = rows(60_000, 3000).map(({ ref, id: national_id }) => ({
        source_ref: ref,
        national_id,
        full_name: 'Nguyễn Văn Thử',
        amount: 50_000,
        paid_at: '2022-09-15T10:00:00+07:00',
        channel: 'VNPAY',
      }));
      expect(readdirSync(folder).filter((name) => name !== 'work')).toEqual([]);
      expect(await db.query('select from import_batch')).toEqual([]);
      // What a program sends waits in the database: taken in there, and imported once there is room.
      await supertest(small.url)
        .post(`/api/v1/promotions/${promotion.slug}/payments`)
        .set('authorization', `Bearer ${key}`)
        .set('idempotency-key', 'large')
        .send({ payments })
        .expect(202);
      const sent = async () => (await db.query(`select * from import_batch where via = 'interface'`))[0];
      while ((await sent()).fault === null) await new Promise((go) => setTimeout(go, 50));
      expect(await sent()).toMatchObject({ state: 'waiting', received: 0, fault: { code: 'disk-full' } });
      small.server.kill();
      await ended(small.server);

      const first = await serve();
      expect((await first.upload(csv(rows(0, 60_000)))).status).toBe(303);
      const batch = async () => (await db.query(`select * from import_batch where via = 'upload'`))[0];
      while ((await batch()).read_rows === 0) await new Promise((go) => setTimeout(go, 10));
      first.server.kill('SIGKILL');
      await ended(first.server);
      expect(await batch()).toMatchObject({ state: 'running', received: 0 });
      const second = await serve();
      while (['waiting', 'running'].includes((await batch()).state))
        await new Promise((go) => setTimeout(go, 50));
      expect(await batch()).toMatchObject({ state: 'done', received: 60_000, attempts: 2, fault: null });
      while ((await sent()).state !== 'done') await new Promise((go) => setTimeout(go, 50));
      expect(await db.query('select from batch_feed')).toEqual([]);
      second.server.kill();
      await ended(second.server);
      const [sums] = await db.query(
        `select (select count(*)::int from payment) as payments, (select count(distinct source_ref)::int from payment) as refs,
           (select count(distinct code)::int from entry) as codes, (select sum(received)::int from tally) as received`,
      );
      expect(sums).toEqual({ payments: 63_000, refs: 63_000, codes: 63_000, received: 63_000 });
    } finally {
      for (const server of servers) server.kill('SIGKILL');
      await db.destroy();
    }
  });

  it('waits until a database that was killed is there again', async () => {
    const programs = await binaries();
    const folder = mkdtempSync(join(tmpdir(), 'thidua-killed-'));
    chmodSync(folder, 0o755);
    const cluster = await openCluster(folder, programs, ['fsync=off']);
    const url = `postgres://thidua:${cluster.password}@127.0.0.1:${cluster.port}/postgres`;
    await migrate(url);
    const alone = await startApp({ databaseUrl: url });
    try {
      const promotion = await makePromotion(alone, { format: { digits: 9 } });
      const path = join(alone.dataDir, 'sent.csv');
      writeFileSync(path, csv(rows(0, 60_000)));
      const batches = alone.get(Batches);
      const file = await batches.receiveFile(path);
      const id = await alone.db.transaction((tx) =>
        batches.register(tx, file, {
          promotionId: promotion.id,
          profile: 'portal',
          via: 'command',
          officerId: null,
        }),
      );
      let killed = false;
      const run = alone.get(Intake).run(id, (read) => {
        if (read <= file.bytes || killed) return;
        killed = true;
        killServer(cluster.folder);
      });
      await expect(run).rejects.toThrow();
      expect(killed).toBe(true);
      await startAgain(cluster, programs);
      const now = async () => (await alone.db.query('select * from import_batch where id = $1', [id]))[0];
      expect(await now()).toMatchObject({ state: 'running', received: 0 });
      await alone.get(Intake).run(id);
      expect(await now()).toMatchObject({ state: 'done', received: 60_000, entries: 60_000, attempts: 2 });
      expect(await alone.db.query('select count(distinct source_ref)::int as n from payment')).toEqual([
        { n: 60_000 },
      ]);
    } finally {
      await alone.close();
      await stopCluster(cluster.folder, programs);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Kills the postmaster and everything it started, as a power cut would. */
function killServer(folder: string): void {
  const [pid = ''] = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', pid], { encoding: 'utf8' })
    .split(/\s+/)
    .filter(Boolean);
  for (const one of [pid, ...children]) process.kill(Number(one), 'SIGKILL');
}

async function startAgain({ folder, port }: Cluster, { pg_ctl, runAs }: Binaries): Promise<void> {
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  const flags = ['start', '-w', '-D', folder, '-l', join(folder, 'server.log'), '-o', options];
  for (let attempt = 0; ; attempt++)
    try {
      execFileSync(pg_ctl, flags, { uid: runAs?.uid, gid: runAs?.gid, cwd: '/', stdio: 'ignore' });
      return;
    } catch (fault) {
      if (attempt === 20) throw fault;
      await new Promise((go) => setTimeout(go, 200));
    }
}
