import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { DataSource, type EntityManager, EntitySchema } from 'typeorm';
import { type App, built, freshApp, importFile, median, paymentFiles, urlOf } from './payments.bench.js';

const at = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
const say = (line: string) => process.stdout.write(`${line}\n`);
const ms = (value: number) => `${value.toFixed(1)} ms`;

/** What comes after an import of so many rows: freeze, look-ups, decisions made again, small batches; and saves of the mapper. */
export async function main(args: string[]): Promise<void> {
  const rows = Number(args[0] ?? 1_000_000);
  const first = paymentFiles(rows).first();
  const { app, promotionId } = await freshApp();
  const { batch, seconds } = await importFile(app, promotionId, first);
  const db = app.get(DataSource);
  await db.query('analyze');
  say(`${String(batch.entries)} codes of ${rows} rows`);
  await reevaluations(app, db, promotionId);
  await lookUps(app, db, promotionId);
  const officerId = await someOfficer(db);
  await freeze(app, db, promotionId, officerId);
  await saves(app, promotionId, rows / (seconds * 1000));
  await partnerBatches(app, db, promotionId, officerId);
  await app.close();
}

async function someOfficer(db: DataSource): Promise<number> {
  const [office] = await db.query<{ id: number }[]>(
    `insert into organisation (code, name, kind, created_at) values ('bench', 'Bench', 'bank', now()) returning id`,
  );
  const [officer] = await db.query<{ id: number }[]>(
    `insert into officer (organisation_id, login, name, password_hash, password_set_at, created_at)
     values ($1, 'bench', 'Bench', '', now(), now()) returning id`,
    [office!.id],
  );
  return officer!.id;
}

/** A payer whose payment is taken back: decided again inside the transaction that took it back. */
async function reevaluations(app: App, db: DataSource, promotionId: number): Promise<void> {
  const { Promotions } = await built<'promotions'>('entries/promotions.service.js');
  const { Reevaluation } = await built<'reevaluation'>('entries/reevaluation.service.js');
  const payers = await db.query<{ payer_id: string; id: string }[]>(
    `select payer_id, min(payment_id) as id from entry where promotion_id = $1 group by 1 order by hashtext(payer_id::text) limit 300`,
    [promotionId],
  );
  const taken: number[] = [];
  for (const { payer_id, id } of payers) {
    const began = performance.now();
    await db.transaction(async (tx) => {
      const plan = await app.get(Promotions, { strict: false }).plan(tx, promotionId, new Date());
      await tx.query(`update payment_${promotionId} set reversed = amount where id = $1`, [id]);
      await app
        .get(Reevaluation, { strict: false })
        .run(tx, plan, [Number(payer_id)], { batchId: null, officerId: null });
    });
    taken.push(performance.now() - began);
  }
  say(`decided again after one reversal: p50 ${ms(median(taken))}, p99 ${ms(at(taken, 0.99))}`);
}

/** 50 people over HTTP, each with an address of their own: one look-up a second each, then as fast as they get answers. */
async function lookUps(app: App, db: DataSource, promotionId: number): Promise<void> {
  const { Vault } = await built<'vault'>('platform/crypto/vault.js');
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const known = await db.query<{ code: string; sealed: Buffer }[]>(
    `select e.code, y.sealed from entry e join payer y on y.promotion_id = $1 and y.id = e.payer_id
     where e.promotion_id = $1 and e.voided_at is null order by hashtext(e.code) limit 3000`,
    [promotionId],
  );
  const page = `${url}/promotions/bench/codes`;
  const form = await fetch(page);
  const cookie = form.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(await form.text())![1]!;
  const posts = known.map(({ code, sealed }) => {
    const digits = app.get(Vault, { strict: false }).open(sealed).split('\t')[0]!.slice(-4);
    return {
      body: new URLSearchParams({ _csrf, subject: code, digits }).toString(),
      expect: code,
      headers: {
        cookie,
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': Array.from(randomBytes(4)).join('.'),
      },
    };
  });
  await asked({ url: page, posts, users: 8, turns: 60 });
  for (const [how, order] of Object.entries({
    'one a second each': { users: 50, turns: 15, every: 1000 },
    'without a pause': { users: 50, turns: 40 },
  })) {
    const { times, wrong, seconds, cpu } = await asked({ url: page, posts, ...order });
    say(
      `own codes, 50 people, ${how}: p50 ${ms(median(times))}, p99 ${ms(at(times, 0.99))}, wrong ${wrong}, ` +
        `${(times.length / seconds).toFixed(0)}/s, CPU of the server ${ms(cpu)} each`,
    );
  }
}

interface Order {
  readonly url: string;
  readonly posts: readonly { body: string; headers: Record<string, string>; expect?: string }[];
  readonly users: number;
  readonly turns: number;
  readonly every?: number;
}

/** Asked by a process of its own; the CPU is that of this one, in milliseconds a request. */
async function asked(
  order: Order,
): Promise<{ times: number[]; wrong: number; seconds: number; cpu: number }> {
  const client = fork(resolve('test/bench/client.mjs'), { execArgv: [] });
  const said = <T>() =>
    new Promise<T>((done, failed) =>
      client.once('message', done as never).once('exit', () => failed(new Error('the client ended'))),
    );
  client.send(order);
  await said<'begun'>();
  const before = process.cpuUsage();
  const answer = await said<{ times: number[]; wrong: number; seconds: number }>();
  const { user, system } = process.cpuUsage(before);
  client.removeAllListeners('exit').kill();
  return { ...answer, cpu: (user + system) / 1000 / answer.times.length };
}

/** So many that the server runs as it does after minutes, not as it does after its start. */
const CPU_TURNS = 1500;
const IMPORTS = 100;

/** CPU of this process for 50 rows: node:http that parses the same JSON, the interface that accepts them, and their import. */
async function partnerBatches(
  app: App,
  db: DataSource,
  promotionId: number,
  officerId: number,
): Promise<void> {
  const { ApiKeys } = await built<'apiKeys'>('payments/api-keys.service.js');
  const { Intake } = await built<'intake'>('entries/intake.service.js');
  const { IntakeWork } = (await import(
    resolve('dist/entries/intake.work.js')
  )) as typeof import('../../src/entries/intake.work.js');
  // Nobody takes what waits until it is asked to: accepting and importing are measured apart.
  await app.get(IntakeWork, { strict: false }).beforeApplicationShutdown();
  const [office] = await db.query<{ id: number }[]>(`select id from organisation where code = 'bench'`);
  const of = { promotionId, organisationId: office!.id, source: 'portal', title: 'bench' };
  const { key } = await db.transaction((tx) => app.get(ApiKeys, { strict: false }).make(tx, of, officerId));
  const raw = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { payments } = JSON.parse(Buffer.concat(parts).toString()) as { payments: unknown[] };
      answer.setHeader('content-type', 'application/json').end(JSON.stringify({ rows: payments.length }));
    });
  });
  await new Promise<void>((ready) => raw.listen(0, '127.0.0.1', ready));
  const { port } = raw.address() as { port: number };
  const url = `${await app.getUrl()}/api/v1/promotions/bench/payments`;
  const ratios: number[] = [];
  const costs: number[] = [];
  for (let round = 0; round < 4; round++) {
    const posts = Array.from({ length: CPU_TURNS }, (_, turn) => ({
      body: JSON.stringify({ payments: batchOf(round * CPU_TURNS + turn) }),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': `b-${round}-${turn}`,
        authorization: `Bearer ${key}`,
      },
    }));
    const order = { posts, users: 1, turns: CPU_TURNS };
    const floor = await asked({ ...order, url: `http://127.0.0.1:${port}/` });
    const ours = await asked({ ...order, url });
    if (floor.wrong + ours.wrong > 0) throw new Error(`${ours.wrong} batches were not accepted`);
    // The first round warms both up.
    if (round > 0) ratios.push(ours.cpu / floor.cpu);
    if (round > 0) costs.push(ours.cpu);
  }
  raw.close();
  say(
    `50 rows accepted from a program, CPU of the server: ${ms(median(costs))}, ${median(ratios).toFixed(2)} x node:http (${ratios.map((one) => one.toFixed(2)).join(', ')})`,
  );
  const waiting = await app.get(Intake, { strict: false }).left();
  const before = process.cpuUsage();
  for (const id of waiting.slice(0, IMPORTS)) await app.get(Intake, { strict: false }).run(id);
  const { user, system } = process.cpuUsage(before);
  say(`the import of 50 rows afterwards, CPU of the server: ${ms((user + system) / 1000 / IMPORTS)}`);
}

function batchOf(turn: number): Record<string, unknown>[] {
  return Array.from({ length: 50 }, (_, row) => ({
    source_ref: `API-${turn}-${row}`,
    national_id: `0240910${String((turn * 50 + row) % 90_000).padStart(5, '0')}`,
    full_name: 'Nguyễn Văn Thử',
    phone: '0912345678',
    amount: 50_000,
    paid_at: '2025-08-01T10:00:00+07:00',
    channel: 'VNPAY',
    procedure_code: '1.000100',
    unit_code: '07201',
  }));
}

/** The real freezing, through a door that lets everybody in. */
async function freeze(app: App, db: DataSource, promotionId: number, officerId: number): Promise<void> {
  const { Freezing } = await built<'freezing'>('draws/freeze.service.js');
  const { Vault } = await built<'vault'>('platform/crypto/vault.js');
  const { Signer } = await built<'signer'>('platform/crypto/ed25519.js');
  const { drawBySlug } = await built<'draws'>('draws/draw.queries.js');
  const [draw] = await db.query<{ id: number }[]>(
    `insert into draw (draw_period_id, number, slug, title, organizer, draws_at, witnesses_wanted, objection_days, planned_at)
     select id, 1, 'bench/ky-1', 'Bench', 'Bench', now(), 1, 0, now() from draw_period where campaign_id = $1 returning id`,
    [promotionId],
  );
  await db.query(
    `insert into draw_document (draw_id, replacement, kind, body, hash, at) values ($1, 0, 'rules', '{}', decode(repeat('00', 32), 'hex'), now())`,
    [draw!.id],
  );
  const act = (_: unknown, work: (acting: unknown) => Promise<unknown>) =>
    db.transaction(async (tx: EntityManager) =>
      work({ tx, draw: await drawBySlug(tx, 'bench/ky-1'), officer: { id: officerId }, now: new Date() }),
    );
  const freezing = new Freezing(
    { act } as never,
    app.get(Vault, { strict: false }),
    app.get(Signer, { strict: false }),
  );
  const began = performance.now();
  await freezing.freeze('bench/ky-1', { id: officerId } as never, {} as never);
  const seconds = (performance.now() - began) / 1000;
  const [list] = await db.query<{ size: number }[]>('select size from frozen_list where draw_id = $1', [
    draw!.id,
  ]);
  say(`freeze of ${list!.size} codes: ${seconds.toFixed(1)} s`);
}

const column = (type: 'bigint' | 'int' | 'text' | 'bytea' | 'timestamptz', primary = false) =>
  ({ type, primary }) as const;
const PAYER = new EntitySchema({
  name: 'saved_payer',
  columns: {
    id: column('bigint', true),
    kind: column('text'),
    identity_mark: column('bytea'),
    phone_mark: column('bytea'),
    sealed: column('bytea'),
  },
});
const PAYMENT = new EntitySchema({
  name: 'saved_payment',
  columns: {
    id: column('bigint', true),
    payer_id: column('bigint'),
    amount: column('bigint'),
    paid_at: column('timestamptz'),
    refusals: column('int'),
    status: column('text'),
    source_ref: column('text'),
    procedure_code: column('text'),
    unit_code: column('text'),
    channel: column('text'),
  },
});
const ENTRY = new EntitySchema({
  name: 'saved_entry',
  columns: {
    number: column('bigint', true),
    payment_id: column('bigint'),
    payer_id: column('bigint'),
    period: column('int'),
    code: column('text'),
  },
});

const SAVED = 20_000;

/** The same rows as objects saved a thousand at a time, nothing decided: the least that a mapper would have to do. */
async function saves(app: App, promotionId: number, ours: number): Promise<void> {
  const { Vault } = await built<'vault'>('platform/crypto/vault.js');
  const vault = app.get(Vault, { strict: false });
  const own = new DataSource({
    type: 'postgres',
    url: urlOf('thidua_bench'),
    entities: [PAYER, PAYMENT, ENTRY],
  });
  await own.initialize();
  await own.query(`create table saved_payer as select id, kind, identity_mark, phone_mark, sealed from payer limit 0;
    alter table saved_payer add primary key (id), add unique (identity_mark);
    create table saved_payment as select id, payer_id, amount, paid_at, refusals, status, source_ref, procedure_code, unit_code, channel from payment limit 0;
    alter table saved_payment add primary key (id), add unique (source_ref);
    create index on saved_payment (payer_id);
    create table saved_entry as select number, payment_id, payer_id, period, code from entry limit 0;
    alter table saved_entry add primary key (number), add unique (code), add unique (payment_id);
    create index on saved_entry (payer_id)`);
  const rows = await own.query<Record<string, string>[]>(
    `select id, payer_id, amount, paid_at, status, source_ref, procedure_code, unit_code, channel from payment where promotion_id = $1 order by id limit ${SAVED}`,
    [promotionId],
  );
  const began = performance.now();
  const payers = new Map<string, Record<string, unknown>>();
  for (const { payer_id } of rows)
    if (!payers.has(payer_id!)) {
      const mark = vault.fingerprint(`cccd:${payer_id}`);
      const sealed = vault.seal(`cccd:${payer_id}\t+84912345678\tNguyễn Văn Thử`);
      payers.set(payer_id!, { id: payer_id, kind: 'person', identity_mark: mark, phone_mark: mark, sealed });
    }
  await own.transaction(async (tx) => {
    await tx.save('saved_payer', [...payers.values()], { chunk: 1000 });
    await tx.save(
      'saved_payment',
      rows.map((row) => ({ ...row, refusals: 0 })),
      { chunk: 1000 },
    );
    await tx.save(
      'saved_entry',
      rows.map((row, index) => ({
        number: index + 1,
        payment_id: row.id,
        payer_id: row.payer_id,
        period: 1,
        code: String(index).padStart(9, '0'),
      })),
      { chunk: 1000 },
    );
  });
  const mapper = SAVED / (performance.now() - began);
  await own.destroy();
  say(
    `rows a millisecond: import ${ours.toFixed(1)}, saves of the mapper ${mapper.toFixed(1)} (${(ours / mapper).toFixed(1)} x)`,
  );
}
