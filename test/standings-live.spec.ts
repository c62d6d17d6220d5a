import http from 'node:http';
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
});
