import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import supertest from 'supertest';
import { Bundles } from '../src/draws/bundle.service.js';
import { Retention } from '../src/entries/retention.service.js';
import { Clock } from '../src/platform/clock.js';
import { Vault } from '../src/platform/crypto/vault.js';
import { verifyFiles } from '../src/verify/verify.js';
import { type TestApp, startApp } from './support/app.js';
import { bringTo, resultHashOf, rootOf, statesOf } from './support/ceremony.js';
import { bundleFiles } from './support/bundle.js';
import { ended, printed, runCli, startCli } from './support/cli.js';
import { DICE, makeOfficers, makePromotion, type Officers } from './support/draw.js';
import { pythonFindings } from './support/python.js';
import { PASSWORD, postLogin, type SignedInAgent, tokenIn } from './support/sign-in.js';

describe('thidua draw and thidua witness', () => {
  let app: TestApp;
  let people: Officers;
  const folder = mkdtempSync(join(tmpdir(), 'thidua-draw-'));
  const env = () => ({ DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir, THIDUA_PASSWORD: PASSWORD });
  beforeAll(async () => {
    app = await startApp();
    people = await makeOfficers(app);
  });
  afterAll(() => app.close());

  /** The command writes all of its act but the journal, waits there for a lock, and is killed. */
  const killedInTheAct = async (words: string[]) => {
    const held = app.db.createQueryRunner();
    await held.startTransaction();
    await held.query('lock table journal_entry in exclusive mode');
    const child = await startCli(words, env());
    const blocked = () =>
      app.db.query<{ pid: number }[]>(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ~ 'journal_entry'`,
      );
    let waiting: { pid: number }[] = [];
    while (waiting.length === 0) {
      expect(child.exitCode).toBeNull();
      await pause(20);
      waiting = await blocked();
    }
    child.kill('SIGKILL');
    await ended(child);
    await held.rollbackTransaction();
    await held.release();
    const gone = async () =>
      (await app.db.query<unknown[]>('select 1 from pg_stat_activity where pid = $1', [waiting[0]!.pid]))
        .length === 0;
    while (!(await gone())) await pause(20);
  };

  it('freezes after it was killed in the middle of it, takes the signature of an offline witness, draws and exports what verifies', async () => {
    const promotion = await makePromotion(app, 20);
    const slug = await bringTo(app, people, promotion, 'objections-open', {
      objectionDays: 0,
      witnessesWanted: 1,
    });
    const officer = ['--officer', people.organiser.login];
    const refused = await runCli(['draw', 'run', slug, ...officer], env());
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('sources of chance are not complete'),
    ]);
    await killedInTheAct(['draw', 'freeze', slug, ...officer]);
    expect(await statesOf(app, slug)).toEqual(['rules-published', 'objections-open']);
    const [left] = await app.db.query<{ n: number }[]>(
      'select (select count(*) from frozen_part)::int + (select count(*) from list_closing)::int as n',
    );
    expect(left!.n).toBe(0);
    const frozen = await runCli(['draw', 'freeze', slug, ...officer], env());
    expect(frozen.out).toContain('20 codes are frozen');
    app.clock.free();
    await runCli(['draw', 'export', slug, join(folder, 'frozen')], env());
    const [checkpoint, entries, key] = ['checkpoint.txt', 'entries.csv', 'witness.key'].map((name) =>
      join(folder, name === 'witness.key' ? '.' : 'frozen', name),
    ) as [string, string, string];
    await runCli(['witness', 'key', key, '--name', 'thanh-tra.example'], env());
    const signed = await runCli(['witness', 'sign', checkpoint, '--key', key, '--entries', entries], env());
    expect(signed.out).toContain(await rootOf(app, slug));
    writeFileSync(entries, readFileSync(entries, 'utf8').replace(/00007,[0-9a-f]/, '00007,0'));
    const tampered = join(folder, 'other.csv');
    writeFileSync(tampered, readFileSync(entries, 'utf8').replace('00008,', '00009,'));
    const other = await runCli(['witness', 'sign', checkpoint, '--key', key, '--entries', tampered], env());
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('Nothing is signed')]);
    const line = /^— .*$/m.exec(signed.out)![0];
    const text = /^thanh-tra\.example\+\S+$/m.exec(signed.out)![0];
    await people.witness
      .form(`/office/draws/${slug}/cosignatures`, { draw: slug, password: PASSWORD, line, key: text })
      .expect(303);
    expect(await statesOf(app, slug)).toContain('witnessed');
    for (const who of [people.organiser, people.witness])
      await who
        .form(`/office/draws/${slug}/sources`, {
          draw: slug,
          password: PASSWORD,
          source: 'hall',
          value: '1'.repeat(20),
        })
        .expect(303);
    const drawn = await runCli(['draw', 'run', slug, ...officer], env());
    expect(drawn.out).toContain('drawn, result');
  });

  it('goes on after its server was killed inside an act: each is there whole, or not at all and done again', async () => {
    const promotion = await makePromotion(app, 20);
    const room = `/office/draws/${promotion.slug}/ky-1`;
    const sealed = await runCli(['draw', 'seal', `${promotion.slug}/ky-1`, 'sealed'], env());
    const [commitment, secret] = sealed.out.match(/[0-9a-f]{64}/g)!;
    const slug = await bringTo(app, people, promotion, 'planned', {
      objectionDays: 0,
      witnessesWanted: 1,
      sources: [DICE, { id: 'sealed', kind: 'commitment', commitment: commitment! }],
    });
    app.clock.free();
    const does = (who: SignedInAgent, path: string, fields: object = {}) =>
      who.form(`${room}/${path}`, { draw: slug, password: PASSWORD, ...fields }).expect(303);
    const killedInside = async (path: string, state: string, delay: number) => {
      const port = String(20_000 + Math.floor(Math.random() * 20_000));
      const server = await startCli(['serve'], { ...env(), PORT: port });
      await printed(server, 'Thi Đua:');
      const http = supertest.agent(`http://127.0.0.1:${port}`);
      await postLogin(http, people.organiser.login, PASSWORD);
      const _csrf = tokenIn((await http.get(room).expect(200)).text);
      const before = await statesOf(app, slug);
      const answer = http
        .post(`${room}/${path}`)
        .type('form')
        .send({ _csrf, draw: slug, password: PASSWORD });
      const over = answer.then(
        () => undefined,
        () => undefined,
      );
      await pause(delay);
      server.kill('SIGKILL');
      await ended(server);
      await over;
      expect([before, [...before, state]]).toContainEqual(await statesOf(app, slug));
      await does(people.organiser, path);
      expect(await statesOf(app, slug)).toEqual([...before, state]);
    };
    await does(people.organiser, 'rules');
    await does(people.organiser, 'objections');
    await killedInside('freeze', 'frozen', 120);
    await does(people.witness, 'cosignatures', { root: await rootOf(app, slug) });
    await does(people.organiser, 'sources', { source: 'sealed', value: secret });
    for (const who of [people.organiser, people.witness])
      await does(who, 'sources', { source: 'hall', value: '2'.repeat(20) });
    await killedInside('draw', 'drawn', 180);
    await does(people.organiser, 'recomputation');
    const resultHash = await resultHashOf(app, slug);
    for (const who of [people.organiser, people.witness]) await does(who, 'certification', { resultHash });
    await killedInside('publication', 'published', 240);
    expect((await verifyFiles(bundleFiles(await app.get(Bundles).files(slug)))).findings).toEqual([]);
    expect(await pythonFindings(app, slug)).toEqual([]);
  });

  it('forgets people when the time is past: the draw verifies as before, and a look-up answers as to a stranger', async () => {
    const promotion = await makePromotion(app, 40);
    await app.db.query(
      `insert into terms (promotion_id, version, body, created_at, published_at) values ($1, 1, '{}', now(), now())`,
      [promotion.id],
    );
    const slug = await bringTo(app, people, promotion, 'published');
    const file = join(app.dataDir, 'uploads', 'ab'.repeat(32));
    mkdirSync(join(app.dataDir, 'uploads'), { recursive: true });
    writeFileSync(file, 'national_id');
    const [batch] = await app.db.query<{ id: number }[]>(
      `insert into import_batch (promotion_id, source_id, profile, via, file_name, file_sha256, file_bytes, state, received_at)
       select $1, id, 'portal', 'upload', 'a.csv', decode(repeat('ab', 32), 'hex'), 11, 'failed', now()
       from payment_source where code = 'portal' returning id`,
      [promotion.id],
    );
    const row = app.get(Vault).seal('{"cells":["024091000001"],"findings":[]}');
    await app.db.query(
      `insert into quarantined_row (batch_id, row_number, codes, columns, sealed) values ($1, 1, '{row-wide}', '{}', $2)`,
      [batch!.id, row],
    );
    await app.db.query('insert into batch_feed (batch_id, sealed) values ($1, $2)', [batch!.id, row]);
    await app.db.query(
      `insert into objection (draw_id, code, reason, sealed, filed_at) select id, '00001', 'Tôi phản đối', $2, now() from draw where slug = $1`,
      [slug, row],
    );
    await app.db.query(
      `with l as (insert into exclusion_list (promotion_id, kind, title, added_at) values ($1, 'staff', 'A', now()) returning id)
       insert into exclusion (exclusion_list_id, fingerprint) select id, decode(repeat('cd', 32), 'hex') from l`,
      [promotion.id],
    );
    const forget = (...words: string[]) => runCli(['payments', 'forget', promotion.slug, ...words], env());
    const early = await app.get(Retention).run(promotion.id, app.get(Clock), true);
    expect(early).toMatchObject({
      done: false,
      open: ['8 prizes neither handed over nor given up', 'personal data are kept until 2024-06-01'],
      remaining: {
        people: expect.any(Number),
        secrets: 1,
        setAside: 1,
        contacts: 1,
        excluded: 1,
        feeds: 1,
        files: 1,
      },
    });
    const winners = await app.db.query<{ payer_id: number; code: string }[]>(
      `select w.payer_id, w.code from winner w join draw d on d.id = w.draw_id where d.slug = $1`,
      [slug],
    );
    const won = new Set(winners.map(({ payer_id }) => payer_id));
    await app.db.query(
      `insert into winner_step (winner_id, kind, at, officer_id)
       select w.id, 'handed-over', '2023-06-10T02:00:00Z', $2 from winner w join draw d on d.id = w.draw_id where d.slug = $1`,
      [slug, people.organiser.id],
    );
    const marks = () =>
      app.db.query<{ id: number; identity_mark: Buffer; sealed: Buffer }[]>(
        'select id, identity_mark, sealed from payer where promotion_id = $1 order by id',
        [promotion.id],
      );
    const before = await marks();
    const vault = app.get(Vault);
    const loser = before.find(({ id }) => !won.has(id))!;
    const [held] = await app.db.query<{ code: string }[]>(
      'select code from entry where promotion_id = $1 and payer_id = $2',
      [promotion.id, loser.id],
    );
    const look = async (code: string, payer: { sealed: Buffer }) => {
      const visitor = app.visitor();
      const path = `/promotions/${promotion.slug}/codes?lang=en`;
      const _csrf = tokenIn((await visitor.get(path)).text);
      const digits = vault.open(payer.sealed).split('\t')[0]!.slice(-4);
      return (await visitor.post(path).type('form').send({ _csrf, subject: code, digits })).text;
    };
    expect(await look(held!.code, loser)).not.toContain('Nothing found for these two');

    const shown = await forget();
    expect(shown.out).toContain(
      `Would go: identity, name and telephone of ${before.length - won.size} people`,
    );
    expect(shown.out).toContain('Nothing was removed. Run it again with --yes.');
    expect(await marks()).toEqual(before);
    const done = await forget('--yes');
    expect([done.code, done.out]).toEqual([0, expect.stringContaining('Removed: identity')]);
    const after = await marks();
    for (const [at, { id, identity_mark, sealed }] of after.entries()) {
      expect([id, identity_mark.equals(before[at]!.identity_mark)]).toEqual([id, won.has(id)]);
      expect(vault.open(sealed) === '').toBe(!won.has(id));
    }
    expect(await look(held!.code, loser)).toContain('Nothing found for these two');
    const winner = winners[0]!;
    expect(
      await look(
        winner.code,
        before.find(({ id }) => id === winner.payer_id)!,
      ),
    ).toContain(winner.code);
    expect((await verifyFiles(bundleFiles(await app.get(Bundles).files(slug)))).findings).toEqual([]);
    expect(await pythonFindings(app, slug)).toEqual([]);
    expect(existsSync(file)).toBe(false);
    expect(await app.db.query('select from batch_feed')).toEqual([]);
    const again = await forget('--yes');
    expect(again.out).toMatch(
      /^Removed before: \d{4}-\d{2}-\d{2}, entry \d+ of the journal\.\n[\s\S]*Nothing is left to remove\.\n$/,
    );
    const [acts] = await app.db.query<{ n: number }[]>(
      `select count(*)::int as n from journal_entry where act = 'personal-data.removed' and subject = $1`,
      [`promotion/${promotion.id}`],
    );
    expect(acts!.n).toBe(1);
  });
});
