import { createHash } from 'node:crypto';
import { BoardActs } from '../src/standings/board-acts.service.js';
import { Decisions } from '../src/standings/decisions.service.js';
import { Objections } from '../src/standings/objections.service.js';
import { Publishing } from '../src/standings/publishing.service.js';
import { Sights } from '../src/standings/sight.service.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
import { signIn } from './support/sign-in.js';
import { caughtUp, report } from './support/standings.js';

const ONLINE = 'ho-so-truc-tuyen';

describe('acts on standings', () => {
  let app: TestApp;
  let drive: TestDrive;
  beforeEach(async () => {
    app = await startApp();
    app.clock.set('2022-06-22T03:00:00Z');
    drive = await makeDrive(app);
    await report(app, drive, [
      ['688', ONLINE, '2022-06-10', 20, 50],
      ['689', ONLINE, '2022-06-10', 10, 50],
    ]);
  });
  afterEach(() => app.close());

  const at = (iso: string) => app.clock.set(iso);
  const publish = (kind: 'interim' | 'final' = 'interim') =>
    app.db.transaction((tx) => app.get(Publishing).publish(tx, { slug: drive.slug, kind, officer: null }));
  const standings = async (query = '', agent = app.visitor()) => {
    await caughtUp(app);
    const { body, status, headers } = await agent.get(`/api/v1/campaigns/${drive.slug}/standings${query}`);
    return { body, status, etag: headers['etag'] as string };
  };
  const cell = async (query = '', unit = '688', agent = app.visitor()) => {
    const { body } = await standings(query, agent);
    return body.groups[0].units
      .find(({ code }: { code: string }) => code === unit)
      .cells.find(({ indicator }: { indicator: string }) => indicator === ONLINE);
  };

  it('publish the same bytes that are worked out again at any later time', async () => {
    const published = await publish();
    at('2022-06-25T03:00:00Z');
    await report(app, drive, [['688', ONLINE, '2022-06-10', 45, 50]]);
    const { publications } = await app.get(Sights).see(drive.slug, {});
    expect(publications[0]).toMatchObject({ number: 1, sha256: published.sha256 });
    expect(await app.get(Publishing).recompute(drive.slug, publications[0]!)).toEqual({
      sha256: published.sha256,
      same: true,
    });
    const { text, headers } = await app
      .visitor()
      .get(`/campaigns/${drive.slug}/publications/1/standings.json`);
    expect(createHash('sha256').update(text).digest('hex')).toBe(published.sha256);
    expect(headers['etag']).toContain(published.sha256.slice(0, 32));
    expect(await cell()).toMatchObject({ numerator: 45 });
    expect(await cell('?knownAt=2022-06-22T03:00:00Z')).toMatchObject({ numerator: 20 });
  });

  it('are never changed by an approval that was begun before and written after', async () => {
    await publish();
    at('2022-06-22T02:59:59Z');
    await report(app, drive, [['688', ONLINE, '2022-06-11', 9, 50]]);
    at('2022-06-22T03:00:05Z');
    const { publications } = await app.get(Sights).see(drive.slug, {});
    expect((await app.get(Publishing).recompute(drive.slug, publications[0]!)).same).toBe(true);
    await expect(app.db.query('update publication set note = note')).rejects.toThrow('append-only');
  });

  it('freeze all inputs for the public while officers see on', async () => {
    at('2022-06-23T03:00:00Z');
    await app.db.transaction((tx) =>
      app.get(BoardActs).freeze(tx, { slug: drive.slug, reason: '', officer: null }),
    );
    at('2022-06-24T03:00:00Z');
    await report(app, drive, [['688', ONLINE, '2022-06-23', 50, 50]]);
    await app.db.transaction((tx) =>
      app.get(Decisions).excludeDay(tx, {
        slug: drive.slug,
        day: '2022-06-10',
        reason: 'x',
        decisionRef: '1/QĐ',
        officer: null,
      }),
    );
    expect(await cell()).toMatchObject({ numerator: 20, denominator: 50 });
    expect((await standings()).body.asOf).toBe('2022-06-23');
    const officer = await signIn(app, { roles: [{ role: 'organiser' }] });
    expect(await cell('', '688', officer.http)).toMatchObject({ numerator: 50, denominator: 50 });
    expect((await app.visitor().get(`/campaigns/${drive.slug}`)).text).toContain(
      'Bảng xếp hạng đang đóng băng',
    );
    expect((await officer.get(`/campaigns/${drive.slug}`)).text).toContain(
      'Người xem bên ngoài thấy bảng đóng băng',
    );
    const again = app.db.transaction((tx) =>
      app.get(BoardActs).freeze(tx, { slug: drive.slug, reason: '', officer: null }),
    );
    await expect(again).rejects.toThrow('already-frozen');
    await app.db.transaction((tx) =>
      app.get(BoardActs).thaw(tx, { slug: drive.slug, reason: '', officer: null }),
    );
    expect(await cell()).toMatchObject({ numerator: 50, denominator: 50 });
  });

  it('exclude a day by decision, and put it back', async () => {
    const decide = (day: string) =>
      app.db.transaction((tx) =>
        app
          .get(Decisions)
          .excludeDay(tx, { slug: drive.slug, day, reason: 'outage', decisionRef: '12/QĐ', officer: null }),
      );
    const id = await decide('2022-06-10');
    expect(await cell()).toMatchObject({ state: 'missing', numerator: null });
    await expect(decide('2022-06-10')).rejects.toThrow('excludedAlready');
    await expect(decide('2022-09-10')).rejects.toThrow('outsideCampaign');
    at('2022-06-22T04:00:00Z');
    await app.db.transaction((tx) =>
      app
        .get(Decisions)
        .withdraw(tx, 'excluded_day', { slug: drive.slug, id, reason: 'wrong day', officer: null }),
    );
    expect(await cell()).toMatchObject({ numerator: 20 });
    expect(await cell('?knownAt=2022-06-22T03:30:00Z')).toMatchObject({ state: 'missing' });
  });

  it('give bonus and penalty points with a reason that is shown', async () => {
    const before = (await standings()).body.groups[0].units[0];
    await app.db.transaction((tx) =>
      app.get(Decisions).adjust(tx, {
        slug: drive.slug,
        unitId: drive.unit['688']!,
        points: '-1.5',
        countsFrom: '2022-06-15',
        reason: 'refuted evidence',
        decisionRef: '7/QĐ',
        officer: null,
      }),
    );
    const after = (await standings()).body.groups[0].units[0];
    expect(Number(before.score) - Number(after.score)).toBeCloseTo(1.5, 6);
    expect((await standings('?on=2022-06-14')).body.groups[0].units[0].adjusted).toBe('0.000000');
    const why = await app.visitor().get(`/campaigns/${drive.slug}/units/${drive.unit['688']}/score`);
    expect(why.text).toContain('refuted evidence');
  });

  it('refuse a final result while something is open, and name all of it', async () => {
    const finalise = () =>
      app.db.transaction((tx) =>
        app.get(BoardActs).finalise(tx, { slug: drive.slug, reason: '', officer: null }),
      );
    await expect(finalise()).rejects.toThrow('still-running');
    const id = await app.db.transaction((tx) =>
      app.get(Objections).raise(tx, {
        slug: drive.slug,
        unitId: drive.unit['688']!,
        indicator: ONLINE,
        day: '2022-06-10',
        reason: 'ten more that day',
        officer: null,
      }),
    );
    at('2022-09-01T03:00:00Z');
    const refused = await finalise().catch((fault: { findings: { code: string }[] }) =>
      fault.findings.map(({ code }) => code),
    );
    expect(refused).toEqual(['standings.obstacle.missing', 'standings.obstacle.objections']);
    await app.db.transaction((tx) =>
      app
        .get(Objections)
        .decide(tx, { slug: drive.slug, id, outcome: 'rejected', reason: 'checked', officer: null }),
    );
    const all = Object.keys(drive.unit).filter((code) => /^(688|689|S0|25)/.test(code));
    const codes = (await app.db.query<{ code: string }[]>('select code from indicator')).map(
      (row) => row.code,
    );
    await report(
      app,
      drive,
      all.flatMap((unit) => codes.map((code) => [unit, code, '2022-08-31', 60, 100] as const)),
    );
    const published = await finalise();
    expect(published).toMatchObject({ number: 1, asOf: '2022-08-31' });
    expect((await app.visitor().get(`/campaigns/${drive.slug}`)).text).toContain('Kết quả chính thức');
    await expect(finalise()).rejects.toThrow('already-final');
    const late = app.db.transaction((tx) =>
      app.get(Decisions).excludeDay(tx, {
        slug: drive.slug,
        day: '2022-06-10',
        reason: 'x',
        decisionRef: 'y',
        officer: null,
      }),
    );
    await expect(late).rejects.toThrow('already-final');
  });

  it('are done by the organiser of the campaign on one page, and by nobody else', async () => {
    const organiser = await signIn(app, { roles: [{ role: 'organiser', campaignId: drive.campaignId }] });
    const path = `/office/standings/${drive.slug}`;
    expect((await organiser.get(path)).text).toContain('Công bố bảng hiện tại');
    const province = await signIn(app, { roles: [{ role: 'organiser', unitId: drive.unit['70'] }] });
    expect((await province.get(path)).status).toBe(200);
    expect((await organiser.form(`${path}/publication`, { 'publication.note': 'Sơ kết lần 1' })).status).toBe(
      303,
    );
    expect((await organiser.form(`${path}/freeze`)).status).toBe(303);
    const wrong = await organiser.form(`${path}/days`, {
      'days.day': '2021-01-01',
      'days.reason': 'Cổng dịch vụ ngừng',
      'days.decisionRef': '',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Ngày 01/01/2021 nằm ngoài chiến dịch (01/6/2022 … 31/8/2022)');
    expect(wrong.text).toContain('value="Cổng dịch vụ ngừng"');
    expect(wrong.text).toContain('href="#field-days.decisionRef"');
    const other = await signIn(app, {
      roles: [{ role: 'organiser', campaignId: drive.campaignId + 999 }],
    }).catch(() => null);
    const reporter = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
    for (const agent of [other, reporter])
      if (agent) expect([403, 404]).toContain((await agent.form(`${path}/publication`)).status);
    expect((await app.visitor().get(`/campaigns/${drive.slug}/publications/1`)).text).toContain(
      'Sơ kết lần 1',
    );
    const file = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/publications/1/standings.csv`);
    expect(file.text).toContain('Thị xã Phước Long');
  });

  it('exempt a unit from an indicator, take that back, and let a unit leave after what was published', async () => {
    const organiser = await signIn(app, { roles: [{ role: 'organiser', campaignId: drive.campaignId }] });
    const path = `/office/standings/${drive.slug}`;
    const unit = drive.unit['S02'];
    const exempt = { 'exemptions.unitId': unit, 'exemptions.indicator': ONLINE, 'exemptions.evidence': '' };
    expect((await organiser.form(`${path}/exemptions`, exempt)).status).toBe(422);
    const proved = { ...exempt, 'exemptions.evidence': 'không có thủ tục trực tuyến' };
    expect((await organiser.form(`${path}/exemptions`, proved)).status).toBe(303);
    expect((await organiser.form(`${path}/exemptions`, proved)).status).toBe(422);
    await caughtUp(app);
    const why = async () => (await app.visitor().get(`/campaigns/${drive.slug}/units/${unit}/score`)).text;
    expect(await why()).toContain('không có thủ tục trực tuyến');
    expect((await app.visitor().get(`/campaigns/${drive.slug}/units/${unit}?lang=en`)).text).toContain(
      'since 22 June 2022: không có thủ tục trực tuyến',
    );
    const [{ id }] = await app.db.query<[{ id: number }]>('select max(id) as id from exemption');
    const back = { [`exemptions.${id}.reason`]: 'mới công bố thủ tục' };
    expect((await organiser.form(`${path}/exemptions/${id}/outcome`, back)).status).toBe(303);
    await caughtUp(app);
    expect(await why()).not.toContain('không có thủ tục trực tuyến');
    const leave = (lastOn: string) =>
      organiser.form(`${path}/departures`, {
        'departures.unitId': unit,
        'departures.lastOn': lastOn,
        'departures.decisionRef': '300/QĐ-UBND',
        'departures.reason': 'giải thể',
      });
    await organiser.form(`${path}/publication`);
    const early = await leave('2022-06-01');
    expect(early.status).toBe(422);
    expect(early.text).toContain('Đã công bố bảng đến ngày');
    expect((await leave('2022-08-01')).status).toBe(303);
    expect((await leave('2022-08-02')).status).toBe(422);
    expect((await organiser.get(path)).text).toContain('tham gia đến hết ngày 01/8/2022');
    at('2022-08-05T03:00:00Z');
    await caughtUp(app);
    const told = 'tham gia đến hết ngày 01/8/2022: giải thể (theo 300/QĐ-UBND)';
    const [{ code }] = await app.db.query<[{ code: string }]>(
      'select g.code from participation p join campaign_group g on g.id = p.group_id where p.unit_id = $1',
      [unit],
    );
    for (const page of [`?group=${code}`, `/units/${unit}`, '/report'])
      expect((await app.visitor().get(`/campaigns/${drive.slug}${page}`).expect(200)).text).toContain(told);
  });

  it('take a map in when its outlines are units of the campaign, and say what does not match', async () => {
    const organiser = await signIn(app, { roles: [{ role: 'organiser', campaignId: drive.campaignId }] });
    const path = `/office/standings/${drive.slug}/map`;
    const send = (map: unknown) =>
      organiser.http
        .post(path)
        .field('_csrf', organiser.token())
        .attach('file', Buffer.from(typeof map === 'string' ? map : JSON.stringify(map)), 'ban-do.geojson');
    const square = (code: unknown, west: number, size = 0.1) => ({
      type: 'Feature',
      properties: { Ma_Huyen: code },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [west, 11],
            [west + size, 11],
            [west + size, 11 + size],
            [west, 11 + size],
            [west, 11],
          ],
        ],
      },
    });
    const map = (...features: unknown[]) => ({ type: 'FeatureCollection', features });
    for (const [wrong, said] of [
      ['{', 'Tệp không phải JSON'],
      [{ type: 'Feature' }, 'cần FeatureCollection'],
      [map(square(null, 106)), 'không có mã đơn vị'],
      [map(square('688', 600_000)), 'tọa độ phải là kinh độ'],
      [map({ ...square('688', 106), geometry: { type: 'Point', coordinates: [106, 11] } }), 'cần hình dạng'],
      [map(square('999', 106)), 'Không mã nào trong tệp'],
    ] as const) {
      const refused = await send(wrong);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain(said);
    }
    const board = `/campaigns/${drive.slug}/map`;
    expect((await app.visitor().get(board)).text).not.toContain('plot-map');
    const taken = await send(map(square(688, 106), square('0689', 106.1), square('12345', 107)));
    expect(taken.text).toContain('Đã vẽ 2 đơn vị');
    expect(taken.text).toContain('1 hình không khớp mã đơn vị nào: 12345');
    const page = (await app.visitor().get(board)).text;
    expect(page.match(/<path class="tile /g)).toHaveLength(2);
    expect(page).toContain('M0 ');
    const way = `/campaigns/${drive.slug}/units/${drive.unit['688']}/indicators/${ONLINE}`;
    expect((await app.visitor().get(way)).text).toContain('Quãng đường đã đi và lộ trình');
  });

  it('are disputed from the explanation of a score, and the cell on the board says so until it is decided', async () => {
    const why = `/campaigns/${drive.slug}/units/${drive.unit['688']}/score`;
    const post = `/office/objections/${drive.slug}/units/${drive.unit['688']}`;
    const board = async () => (await app.visitor().get(`/campaigns/${drive.slug}?group=districts`)).text;
    const badges = (text: string) => text.split('Đang khiếu nại').length - 1;
    const own = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
    const other = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['689'] }] });
    const organiser = await signIn(app, { roles: [{ role: 'organiser', campaignId: drive.campaignId }] });
    const order = { indicator: ONLINE, day: '2022-06-10', reason: 'thiếu mười hồ sơ' };
    for (const reader of [app.visitor(), other.http])
      expect((await reader.get(why)).text).not.toContain(`action="${post}"`);
    for (const reader of [own, organiser]) expect((await reader.get(why)).text).toContain(`action="${post}"`);
    expect((await other.form(post, order)).status).toBe(403);
    expect((await own.form(post, { ...order, day: 'hôm qua' })).status).toBe(422);
    const late = await own.form(post, { ...order, day: '2023-01-01' });
    expect(late.status).toBe(422);
    expect(late.text).toContain('>thiếu mười hồ sơ</textarea>');
    expect((await own.form(post, { ...order, reason: '' })).status).toBe(422);
    expect(badges(await board())).toBe(0);
    expect((await own.form(post, order)).status).toBe(303);
    // Public pages hold for ten seconds at most, whether or not the news has come.
    at('2022-06-22T03:00:15Z');
    expect(badges(await board())).toBe(1);
    expect((await app.visitor().get(`/campaigns/${drive.slug}?on=2022-06-09`)).text).not.toContain(
      'Đang khiếu nại',
    );
    expect((await app.visitor().get(why)).text).toContain('thiếu mười hồ sơ');
    expect((await organiser.form(post, order)).status).toBe(422);
    const [{ id }] = await app.db.query<[{ id: number }]>('select id from figure_objection');
    const decision = {
      [`objections.${id}.outcome`]: 'rejected',
      [`objections.${id}.reason`]: 'đã đối chiếu',
    };
    expect(
      (await organiser.form(`/office/standings/${drive.slug}/objections/${id}/outcome`, decision)).status,
    ).toBe(303);
    at('2022-06-22T03:00:30Z');
    expect(badges(await board())).toBe(0);
    expect(
      badges((await app.visitor().get(`/campaigns/${drive.slug}?knownAt=2022-06-22T03:00:03Z`)).text),
    ).toBe(1);
  });

  it('answer 304 to whoever has the answer already, and feed events from a token on', async () => {
    const { etag } = await standings();
    const again = await app
      .visitor()
      .get(`/api/v1/campaigns/${drive.slug}/standings`)
      .set('if-none-match', etag);
    expect(again.status).toBe(304);
    const feed = async (since = '') => {
      const { text } = await app
        .visitor()
        .get(`/api/v1/campaigns/${drive.slug}/events${since && `?since=${encodeURIComponent(since)}`}`);
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { token: string; type: string });
    };
    const first = await feed();
    expect(first.map(({ type }) => type)).toEqual(['reading.approved', 'reading.approved']);
    at('2022-06-23T03:00:00Z');
    await publish();
    const next = await feed(first.at(-1)!.token);
    expect(next.map(({ type }) => type)).toEqual(['standings.published']);
    expect(next[0]).toMatchObject({
      data: { number: 1, leaders: [{ group: 'districts', unit: '688', changed: true }, {}, {}] },
    });
    expect(await feed(next[0]!.token)).toEqual([]);
    expect((await app.visitor().get(`/api/v1/campaigns/${drive.slug}/events?since=x`)).status).toBe(400);
  });
});
