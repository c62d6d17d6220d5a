import http from 'node:http';
import { DataSource } from 'typeorm';
import { Intake } from '../src/readings/intake.service.js';
import { Cuts } from '../src/standings/cuts.service.js';
import { Cut } from '../src/standings/cut.js';
import { loadContest } from '../src/standings/contest-loader.js';
import { loadCube } from '../src/standings/fact-source.js';
import { documentOf } from '../src/standings/standings-document.js';
import { Trails } from '../src/standings/trails.js';
import { signIn } from './support/sign-in.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
import { report } from './support/standings.js';

const ONLINE = 'ho-so-truc-tuyen';

describe('live standings', () => {
  let app: TestApp;
  let other: TestApp;
  let drive: TestDrive;
  beforeAll(async () => {
    app = await startApp();
    other = await startApp({ databaseUrl: app.databaseUrl });
    for (const one of [app, other]) one.clock.set('2022-06-22T03:00:00Z');
    drive = await makeDrive(app);
  });
  afterAll(async () => {
    await other.close();
    await app.close();
  });

  const cellOn = async (instance: TestApp, unit = '688') => {
    const { body } = await instance.visitor().get(`/api/v1/campaigns/${drive.slug}/standings`);
    const found = body.groups[0].units.find(({ code }: { code: string }) => code === unit);
    return found.cells.find(({ indicator }: { indicator: string }) => indicator === ONLINE);
  };
  const until = async (check: () => Promise<boolean>, milliseconds: number) => {
    const start = Date.now();
    while (!(await check())) {
      if (Date.now() - start > milliseconds) throw new Error(`not within ${milliseconds} ms`);
      await new Promise((done) => setTimeout(done, 20));
    }
    return Date.now() - start;
  };

  it('reach every instance within two seconds, corrections and parts of a district included', async () => {
    expect([(await cellOn(app)).state, (await cellOn(other)).state]).toEqual(['missing', 'missing']);
    await report(app, drive, [
      ['688', ONLINE, '2022-06-20', 10, 40],
      ['25216', ONLINE, '2022-06-20', 3, 10],
    ]);
    for (const instance of [app, other])
      await until(async () => (await cellOn(instance)).numerator === 13, 2_000);
    await report(app, drive, [['25216', ONLINE, '2022-06-20', 9, 10]]);
    for (const instance of [app, other])
      await until(async () => (await cellOn(instance)).numerator === 19, 2_000);
    expect(await cellOn(other)).toMatchObject({ numerator: 19, denominator: 50 });
  });

  it('tell open boards', async () => {
    const told = new Promise<string>((done) => {
      const request = http.get(`${other.url}/live/readings:${drive.campaignId}`, (answer) =>
        answer.on('data', (bytes: Buffer) => {
          if (!bytes.toString().includes('data:')) return;
          request.destroy();
          done(bytes.toString());
        }),
      );
    });
    await new Promise((done) => setTimeout(done, 100));
    await report(app, drive, [['689', ONLINE, '2022-06-20', 5, 40]]);
    expect(await told).toContain('"ids":[');
  });

  it('say the same after a change as when everything is read anew', async () => {
    await report(app, drive, [
      ['25198', ONLINE, '2022-06-19', 4, 10],
      ['688', 'to-cong-nghe-so', '2022-06-03', 4, 9],
      ['25216', 'to-cong-nghe-so', '2022-06-12', 2, 3],
    ]);
    await until(async () => (await cellOn(other, '689')).denominator === 50, 2_000);
    const document = async (query: string) =>
      (await app.visitor().get(`/api/v1/campaigns/${drive.slug}/standings${query}`)).body.groups;
    expect(await document('')).toEqual(await document('?knownAt=2022-06-22T03:00:00Z'));
  });

  it('keep a small line until the unit itself moves, and none that asks its group', () => {
    const trails = new Trails();
    let figure = 1;
    const line = (row: number) =>
      trails.of(row, 'communes|1|0,1', [0, 1], {
        own: (day) => (row === 2 && day === 1 ? null : figure),
        whole: () => -figure,
      });
    expect([line(1), line(2)]).toEqual([
      [1, 1],
      [1, -1],
    ]);
    figure = 2;
    expect([line(1), line(2)]).toEqual([
      [1, 1],
      [2, -2],
    ]);
    trails.forget([2, 1]);
    expect(line(1)).toEqual([2, 2]);
    figure = 3;
    trails.forget();
    expect(line(1)).toEqual([3, 3]);
  });

  it('say of any past instant what reading everything anew says, corrections, stretches and percentages included', async () => {
    const blank = { row: 1, unit: '', day: '', from: '', to: '', numerator: '', denominator: '', value: '' };
    const hand = (minute: number, ...cells: object[]) => {
      app.clock.set(`2022-06-22T05:${String(minute).padStart(2, '0')}:00.123Z`);
      const order = { slug: drive.slug, source: 'api', format: 'en', officer: null, allowed: null } as const;
      const rows = cells.map((cell, at) => ({ ...blank, ...cell, row: at + 1 })) as never[];
      return app
        .get(Intake)
        .take({ ...order, cells: rows, commit: true, approve: true, pastLock: true, reason: 'again' });
    };
    const one = { unitCode: '25201', indicator: ONLINE };
    const stock = { unitCode: '25201', indicator: 'to-cong-nghe-so' };
    const steps = [
      [{ ...one, day: '2022-06-02', numerator: '4', denominator: '9' }],
      [{ ...one, from: '2022-06-04', to: '2022-06-08', numerator: '5', denominator: '50' }],
      [{ ...one, day: '2022-06-02', numerator: '8', denominator: '9' }],
      [{ ...stock, day: '2022-06-08', numerator: '1', denominator: '7' }],
      [{ ...stock, from: '2022-06-01', to: '2022-06-08', numerator: '2', denominator: '7' }],
      [{ ...one, from: '2022-06-04', to: '2022-06-08', numerator: '6', denominator: '50' }],
      [{ unitCode: '25195', indicator: ONLINE, day: '2022-06-03', value: '12.5' }],
      [{ ...stock, day: '2022-06-08', numerator: '3', denominator: '7' }],
    ];
    for (const [at, cells] of steps.entries()) expect((await hand(at * 5, ...cells)).findings).toEqual([]);
    app.clock.set('2022-06-22T08:00:00Z');
    const seen = new Set<string>();
    for (let minute = 0; minute <= 40; minute += 5) {
      const knownAt = new Date(Date.UTC(2022, 5, 22, 5, minute, 0, 122));
      const keys = { knownAt, rulesVersionId: null, treeOn: null };
      const contest = (await loadContest(app.db, { slug: drive.slug }, keys))!;
      const anew = new Cut(contest, await loadCube(app.get(DataSource), contest, knownAt), knownAt);
      const kept = await app.get(Cuts).asKnown(drive.slug, { knownAt });
      for (const day of [6, 7, 20]) expect(documentOf(kept, day)).toEqual(documentOf(anew, day));
      seen.add(JSON.stringify(documentOf(anew, 20).groups));
    }
    // The last changes nothing: of two states of one day the one over the longer stretch stays.
    expect(seen.size).toBe(steps.length);
  });

  it('are given out ready: the same bytes under one tag until something is told, and to nobody in particular', async () => {
    const path = `/campaigns/${drive.slug}?group=districts`;
    const get = (headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers });
    const first = await get();
    const [text, tag] = [await first.text(), first.headers.get('etag')!];
    const again = await get({ 'accept-encoding': 'br' });
    expect([again.headers.get('etag'), again.headers.get('content-encoding')]).toEqual([tag, 'br']);
    expect(await again.text()).toBe(text);
    expect(again.headers.get('content-security-policy')).toBe(first.headers.get('content-security-policy'));
    expect(again.headers.get('set-cookie')).toBeNull();
    expect((await get({ 'if-none-match': tag })).status).toBe(304);
    const english = await (await get({ cookie: 'lang=en' })).text();
    expect(english).toContain('<html lang="en"');
    expect(await (await get({ cookie: '_ga=GA1.2.3; lang=en' })).text()).toBe(english);
    const reporter = await signIn(app, {
      roles: [{ role: 'reporter', unitId: drive.unit['688'] }],
      name: 'Bà Nội Trợ',
    });
    const own = await reporter.get(path).expect(200);
    expect(own.text).toContain('Bà Nội Trợ');
    expect(own.headers['cache-control']).toBe('private, no-store');
    expect(await (await get()).text()).toBe(text);
    await report(app, drive, [['689', ONLINE, '2022-06-21', 31, 40]]);
    await until(async () => (await get()).headers.get('etag') !== tag, 2_000);
  });
});
