import { jest } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { journalCommands } from '../src/journal/journal.commands.js';
import { Journal } from '../src/journal/journal.service.js';
import { Messages } from '../src/platform/http/messages.js';
import { startApp, type TestApp } from './support/app.js';
import { signIn, type SignedInAgent } from './support/sign-in.js';

interface Exported {
  id: number;
  at: string;
  officer: number | null;
  act: string;
  subject: string;
  facts: Record<string, unknown>;
  previousHash: string;
  hash: string;
}

describe('the journal pages', () => {
  let app: TestApp;
  let auditor: SignedInAgent;
  beforeAll(async () => {
    app = await startApp();
    auditor = await signIn(app, { roles: [{ role: 'auditor' }] });
    const days = ['2022-08-01T16:59:59Z', '2022-08-01T17:00:00Z', '2022-08-02T10:00:00Z'];
    for (const [n, at] of days.entries()) {
      app.clock.set(at);
      await record('draw.frozen', `draw/bac-giang-2022/ky-${n + 1}`, { n });
    }
    app.clock.set('2022-08-02T12:00:00Z');
    for (let n = 0; n < 120; n++)
      await record('payments.imported', `batch/${n}`, { rows: n, note: '=1+1, "x"' });
    await record('payments_x.imported', 'batch_/1', {});
    app.clock.free();
  });
  afterAll(() => app.close());

  const record = (act: string, subject: string, facts: Record<string, unknown>) =>
    app.db.transaction((tx) =>
      app
        .get(Journal)
        .record(tx, { officer: auditor.id, act, subject, facts })
        .catch(() => 0),
    );
  const rows = (html: string) => [...html.matchAll(/href="\/journal\/(\d+)"/g)].map(([, id]) => Number(id));
  const page = async (search: string) => (await auditor.get(`/journal?${search}`).expect(200)).text;

  it('filters by act, subject, officer and day in Vietnam', async () => {
    expect(rows(await page('act=draw'))).toHaveLength(3);
    expect(rows(await page('act=draw.frozen&subject=draw/bac-giang-2022/ky-2'))).toHaveLength(1);
    expect(rows(await page('subject=draw/bac-giang-2022'))).toHaveLength(3);
    expect(rows(await page('subject=draw/bac-giang-2022/ky'))).toHaveLength(0);
    expect(rows(await page('act=draw&from=2022-08-02'))).toHaveLength(2);
    expect(rows(await page('act=draw&to=2022-08-01'))).toHaveLength(1);
    expect(rows(await page('act=draw&from=2022-08-02&to=2022-08-02'))).toHaveLength(2);
    expect(rows(await page(`act=draw&officer=${auditor.id}`))).toHaveLength(3);
    expect(await page('officer=999999')).toContain('Không có việc nào khớp');
  });

  it('pages by address, forth and back, without losing or doubling an entry', async () => {
    const seen: number[] = [];
    let search = 'act=payments';
    for (let turn = 0; turn < 3; turn++) {
      const html = await page(search);
      seen.push(...rows(html));
      search =
        /rel="next" href="\/journal\?([^"]+)"/
          .exec(html)?.[1]
          ?.replaceAll('&amp;', '&')
          .replaceAll('&#x3D;', '=') ?? '';
    }
    expect(seen).toHaveLength(120);
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    expect(search).toBe('');
    const second = rows(await page(`act=payments&before=${seen[49]}`));
    const back = await page(`act=payments&after=${second[0]}`);
    expect(rows(back)).toEqual(seen.slice(0, 50));
    expect(back).not.toContain('rel="prev"');
  });

  it('opens one act, with its hash checked and its neighbours', async () => {
    const [id] = rows(await page('subject=draw/bac-giang-2022/ky-2'));
    const html = (await auditor.get(`/journal/${id}`).expect(200)).text;
    expect(html).toContain('Khớp với nội dung');
    expect(html).toContain('00:00:00, 02/8/2022');
    expect(html).toContain(`/journal/${id! + 1}`);
    await auditor.get('/journal/99999999').expect(404);
    await auditor.get('/journal/abc').expect(400);
  });

  it('exports what is filtered as CSV, JSON and NDJSON, enough to compute the chain again', async () => {
    const json = (await auditor.get('/journal/export.json').expect(200)).body as Exported[];
    let previous = '00'.repeat(32);
    for (const { hash, previousHash, ...entry } of json) {
      expect(previousHash).toBe(previous);
      const text = canonicalize({ ...entry, previous });
      expect(createHash('sha256').update(text!).digest('hex')).toBe(hash);
      previous = hash;
    }
    expect(json.length).toBeGreaterThan(120);
    const lines = (await auditor.get('/journal/export.ndjson?act=draw').buffer(true).expect(200)).text
      .trim()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Exported).subject)).toEqual(
      [1, 2, 3].map((n) => `draw/bac-giang-2022/ky-${n}`),
    );
    const csv = await auditor.get('/journal/export.csv?act=payments').expect(200);
    expect(csv.headers['content-disposition']).toContain('journal.csv');
    expect(csv.text.trim().split('\r\n')).toHaveLength(121);
    expect(csv.text).toContain('"{""note"":""=1+1, \\""x\\"""",""rows"":0}"');
    expect((await auditor.get('/journal/export.json?act=nothing').expect(200)).body).toEqual([]);
    await auditor.get('/journal/export.xml').expect(404);
  });

  it('has a JSON twin that goes on where it stopped', async () => {
    const first = (await auditor.get('/api/v1/journal?act=payments&limit=100').expect(200)).body as {
      entries: object[];
      next: number;
    };
    expect(first.entries).toHaveLength(100);
    const rest = await auditor.get(`/api/v1/journal?act=payments&limit=100&after=${first.next}`).expect(200);
    expect(rest.body).toMatchObject({ entries: { length: 20 }, next: null });
    await auditor.get('/api/v1/journal?limit=5000').expect(422);
    await app.visitor().get('/api/v1/journal').expect(401);
  });

  it('is for auditors, administrators and organisers', async () => {
    for (const role of ['partner', 'reporter', 'witness'] as const)
      await (await signIn(app, { roles: [{ role }] })).get('/journal').expect(403);
    for (const role of ['administrator', 'organiser'] as const)
      await (await signIn(app, { roles: [{ role }] })).get('/journal').expect(200);
  });

  describe('checking the chain', () => {
    const command = async (...args: string[]) => {
      const written: string[] = [];
      const out = jest
        .spyOn(process.stdout, 'write')
        .mockImplementation((text) => written.push(String(text)) > 0);
      const quiet = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
      const program = new Command().exitOverride();
      journalCommands(program, (work) => work(app.nest));
      const failed = await program.parseAsync(['journal', ...args], { from: 'user' }).then(
        () => undefined,
        (fault: Error & { exitCode: number }) => fault,
      );
      out.mockRestore();
      quiet.mockRestore();
      return { text: written.join(''), exitCode: failed?.exitCode ?? 0, message: failed?.message };
    };
    const tamper = (sql: string) =>
      app.db.transaction(async (tx) => {
        await tx.query('set local session_replication_role = replica');
        await tx.query(sql);
      });

    it('is an act of its own, and gives a signed checkpoint', async () => {
      const html = (await auditor.form('/journal/verifications').expect(200)).text;
      expect(html).toContain('Chuỗi nhật ký toàn vẹn');
      expect(html).toContain('thidua.local/operator/journal');
      expect(rows(await page('act=journal.verified'))).toHaveLength(1);
    });

    it('on the command line says whole, or names every finding and fails', async () => {
      expect(await command('verify')).toMatchObject({
        exitCode: 0,
        text: expect.stringContaining('The journal is whole') as string,
      });
      await tamper(`update journal_entry set subject = 'batch/0000' where id = 20`);
      const bad = await command('verify');
      expect(bad).toMatchObject({
        exitCode: 1,
        text: expect.stringContaining('entry 20: changed') as string,
      });
      const html = (await auditor.form('/journal/verifications').expect(200)).text;
      expect(html).toContain('KHÔNG toàn vẹn');
      expect((await auditor.get('/journal/20')).text).toContain('KHÔNG khớp');
    });

    it('finds a past that was written anew in all its hashes, by a checkpoint kept elsewhere', async () => {
      await tamper(
        `update journal_entry set subject = (select 'batch/' || (facts ->> 'rows')) where id = 20`,
      );
      const note = (await command('checkpoint')).text;
      const file = join(mkdtempSync(join(tmpdir(), 'note-')), 'note.txt');
      writeFileSync(file, note);
      expect((await command('verify', '--checkpoint', file)).exitCode).toBe(0);
      writeFileSync(file, note.replace(/\n\d+\n/, '\n7\n'));
      expect((await command('verify', '--checkpoint', file)).exitCode).toBe(1);
      writeFileSync(file, note);
      await rewrite();
      await tamper(`delete from journal_checkpoint`);
      expect((await command('verify')).exitCode).toBe(0);
      expect((await command('verify', '--checkpoint', file)).text).toMatch(/checkpoint - /);
    });

    /** What somebody with every key of the database could do: the same history without its last draw, hashed afresh. */
    async function rewrite() {
      const { hashOf, START } = await import('../src/journal/link.js');
      type Row = Parameters<typeof hashOf>[0];
      const kept = await app.db.query<Row[]>(
        `select id, at, officer_id as "officerId", act, subject, facts from journal_entry
         where subject <> 'draw/bac-giang-2022/ky-3' order by id`,
      );
      await tamper(`delete from journal_entry`);
      let previous: Buffer = START;
      for (const [n, row] of kept.entries()) {
        const entry = { ...row, id: n + 1 };
        const hash = hashOf(entry, previous);
        const values = [
          entry.id,
          entry.at,
          entry.officerId,
          entry.act,
          entry.subject,
          JSON.stringify(entry.facts),
          previous,
          hash,
        ];
        await app.db.transaction(async (tx) => {
          await tx.query('set local session_replication_role = replica');
          await tx.query(
            `insert into journal_entry (id, at, officer_id, act, subject, facts, previous_hash, hash)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
            values,
          );
          await tx.query(`update journal_head set size = $1, hash = $2`, [entry.id, hash]);
        });
        previous = hash;
      }
    }
  });

  it('has words in both languages for every act that the program records', () => {
    const files = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) => {
        const path = join(folder, name);
        return statSync(path).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
      });
    const acts = files(join(import.meta.dirname, '../src')).flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\bact: '([a-z0-9-]+\.[a-z0-9.-]+)'/g)].map(([, act]) => act!),
    );
    expect(acts.length).toBeGreaterThan(10);
    const messages = app.get(Messages);
    expect([...new Set(acts)].filter((act) => !messages.has(`journal.acts.${act}`))).toEqual([]);
  });
});
