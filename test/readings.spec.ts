import { Intake } from '../src/readings/intake.service.js';
import { Approvals } from '../src/readings/approvals.service.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
import { signIn, type SignedInAgent } from './support/sign-in.js';

describe('readings, worked on by officers', () => {
  let app: TestApp;
  let drive: TestDrive;
  let reporter: SignedInAgent;
  let organiser: SignedInAgent;
  beforeEach(async () => {
    app = await startApp();
    app.clock.set('2022-06-20T03:00:00Z');
    drive = await makeDrive(app);
    reporter = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
    organiser = await signIn(app, { roles: [{ role: 'organiser', unitId: drive.unit['70'] }] });
  });
  afterEach(() => app.close());

  const path = (rest = '') => `/office/readings/${drive.slug}${rest}`;
  const key = (code: string, indicator = 'ho-so-truc-tuyen') => `${drive.unit[code]}.${indicator}`;
  const cell = (code: string, n: string, d: string, seen = '', indicator?: string) => ({
    [`n.${key(code, indicator)}`]: n,
    [`d.${key(code, indicator)}`]: d,
    [`s.${key(code, indicator)}`]: seen,
  });
  const type = (agent: SignedInAgent, cells: object, more: object = {}) =>
    agent.form(path(), {
      on: '2022-06-19',
      act: 'submit',
      unit: String(drive.unit['688']),
      ...cells,
      ...more,
    });
  const readings = () =>
    app.db.query<{ id: number; n: number; d: number; state: string; source: string }[]>(
      'select id, numerator as n, denominator as d, state, source from reading order by id',
    );
  const decide = (agent: SignedInAgent, ids: number[], verdict: string, reason = '') =>
    agent.form(path('/approval'), { reading: ids.map(String), verdict, reason });

  it('are typed into the grid of the day, wait, and count once somebody else approved them', async () => {
    const page = (await reporter.get(path('?on=2022-06-19')).expect(200)).text;
    expect(page).toContain('Tỷ lệ hồ sơ tiếp nhận trực tuyến');
    expect(page).toContain('Thị xã Phước Long');
    await type(reporter, {
      ...cell('688', '1.212', '2.530'),
      ...cell('688', '5', '9', '', 'dung-han'),
    }).expect(303);
    const waiting = await readings();
    expect(waiting.map(({ n, d, state }) => [n, d, state])).toEqual([
      [1212, 2530, 'submitted'],
      [5, 9, 'submitted'],
    ]);
    expect((await app.visitor().get(`/api/v1/campaigns/${drive.slug}/readings`).expect(200)).body).toEqual({
      readings: [],
    });
    await decide(
      organiser,
      waiting.map(({ id }) => id),
      'approve',
    ).expect(303);
    const { body } = await app
      .visitor()
      .get(`/api/v1/campaigns/${drive.slug}/readings?indicator=ho-so-truc-tuyen`)
      .expect(200);
    expect(body.readings).toMatchObject([
      {
        unitCode: '688',
        indicator: 'ho-so-truc-tuyen',
        from: '2022-06-19',
        to: '2022-06-19',
        numerator: 1212,
        denominator: 2530,
        source: 'typed',
      },
    ]);
    expect(
      await app.db.query("select act from journal_entry where act like 'readings.%' order by id"),
    ).toEqual([{ act: 'readings.submitted' }, { act: 'readings.approved' }]);
  });

  it('tell the field of every fault and keep what was typed', async () => {
    const answer = await type(reporter, {
      ...cell('688', '31', '30'),
      ...cell('688', '1,5', '3', '', 'dung-han'),
      ...cell('688', '-1', '3', '', 'muc-do-hai-long'),
    }).expect(422);
    expect(answer.text).toContain(`id="field-n.${key('688')}" name="n.${key('688')}" value="31"`);
    expect(answer.text).toContain('Tử số 31 lớn hơn mẫu số; cần ≤ 30');
    expect(answer.text).toContain('Số đếm “1,5” không thể có phần lẻ');
    expect(answer.text).toContain('không được âm');
    expect(await readings()).toEqual([]);
  });

  it('are not written over another officer’s figure unseen', async () => {
    const second = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['70'] }] });
    await type(reporter, cell('688', '12', '30')).expect(303);
    const late = await type(second, cell('688', '13', '30'), { reason: 'sót một hồ sơ' }).expect(422);
    expect(late.text).toContain('Người khác vừa gửi số khác cho ô này: 12 / 30');
    const [{ id } = { id: 0 }] = await readings();
    await type(second, cell('688', '13', '30', String(id))).expect(422);
    await type(second, cell('688', '13', '30', String(id)), { reason: 'sót một hồ sơ' }).expect(303);
    expect((await readings()).map(({ n, state }) => [n, state])).toEqual([
      [12, 'returned'],
      [13, 'submitted'],
    ]);
  });

  it('go into one cell once, when two officers press at the same moment', async () => {
    const second = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['70'] }] });
    const answers = await Promise.all([
      type(reporter, cell('688', '12', '30')),
      type(second, cell('688', '13', '30')),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422]);
    expect(await readings()).toHaveLength(1);
  });

  it('keep as drafts until they are handed in', async () => {
    await type(reporter, cell('688', '12', ''), { act: 'draft' }).expect(303);
    expect(await readings()).toEqual([]);
    expect((await reporter.get(path('?on=2022-06-19'))).text).toContain(`name="n.${key('688')}" value="12"`);
    await reporter.form(path('/draft'), { on: '2022-06-19', ...cell('688', '13', '2x') }).expect(204);
    expect((await reporter.get(path('?on=2022-06-19'))).text).toContain(`name="d.${key('688')}" value="2x"`);
    await type(reporter, cell('688', '13', '20')).expect(303);
    expect(await app.db.query('select * from reading_draft')).toEqual([]);
  });

  it('are decided by those above only, never by their sender, and go back with a reason', async () => {
    await type(reporter, cell('688', '12', '30')).expect(303);
    await type(organiser, cell('689', '1', '3')).expect(303);
    const [mine, theirs] = await readings();
    if (!mine || !theirs) throw new Error('no readings');
    const equal = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
    await decide(equal, [mine.id], 'approve').expect(403);
    expect((await decide(organiser, [theirs.id], 'approve').expect(422)).text).toContain(
      'Không ai tự duyệt số của mình',
    );
    expect((await decide(organiser, [mine.id], 'return').expect(422)).text).toContain('Hãy ghi lý do');
    await decide(organiser, [mine.id], 'return', 'tử số gồm cả hồ sơ trực tiếp').expect(303);
    expect((await readings())[0]?.state).toBe('returned');
    expect((await reporter.get(path('?on=2022-06-19'))).text).toContain(
      'Bị trả lại: tử số gồm cả hồ sơ trực tiếp',
    );
    await decide(organiser, [mine.id], 'approve').expect(422);
    await type(reporter, cell('688', '10', '30')).expect(303);
  });

  it('need a new approval after an edit, and the approved figure counts until then', async () => {
    await type(reporter, cell('688', '12', '30')).expect(303);
    const [first] = await readings();
    await decide(organiser, [first?.id ?? 0], 'approve').expect(303);
    await type(reporter, cell('688', '14', '30', String(first?.id)), { reason: 'bổ sung' }).expect(303);
    const counting = async () =>
      (
        (await app.visitor().get(`/api/v1/campaigns/${drive.slug}/readings`)).body as {
          readings: { numerator: number }[];
        }
      ).readings.map(({ numerator }) => numerator);
    expect(await counting()).toEqual([12]);
    const [, second] = await readings();
    await decide(organiser, [second?.id ?? 0], 'approve').expect(303);
    expect(await counting()).toEqual([14]);
    const page = (await reporter.get(path(`/readings/${second?.id}`)).expect(200)).text;
    expect(page).toContain('Đã được thay');
    expect(page).toContain('bổ sung');
  });

  it('pass two steps where the plan wants them: the unit above checks, the organiser approves', async () => {
    await app.db.query('update campaign set approval_steps = 2');
    const ward = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['25216'] }] });
    await ward.form(path(), { on: '2022-06-19', act: 'submit', ...cell('25216', '2', '3') }).expect(303);
    const [one] = await readings();
    await decide(reporter, [one?.id ?? 0], 'approve').expect(303);
    expect((await readings())[0]?.state).toBe('checked');
    await decide(reporter, [one?.id ?? 0], 'approve').expect(403);
    await decide(organiser, [one?.id ?? 0], 'approve').expect(303);
    expect((await readings())[0]?.state).toBe('approved');
  });

  it('tell open boards that they count', async () => {
    const heard: unknown[] = [];
    const live = await fetch(`${app.url}/live/campaign:${drive.campaignId}`);
    const reader = live.body?.getReader();
    await type(reporter, cell('688', '12', '30')).expect(303);
    const [one] = await readings();
    const listening = (async () => {
      for (;;) {
        const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done) return;
        heard.push(new TextDecoder().decode(value));
        if (String(heard.at(-1)).includes('readings.approved')) return;
      }
    })();
    await decide(organiser, [one?.id ?? 0], 'approve').expect(303);
    await listening;
    await reader?.cancel();
    expect(heard.join('')).toContain(`"units":[${drive.unit['688']}]`);
  });

  it('come by program, all or nothing, and only for units of one’s own', async () => {
    const post = (list: object[], more: object = {}) =>
      reporter.http
        .post(`/api/v1/campaigns/${drive.slug}/readings`)
        .set('x-csrf-token', reporter.token())
        .send({ readings: list, ...more });
    const good = {
      unitCode: '688',
      indicator: 'ho-so-truc-tuyen',
      date: '2022-06-19',
      numerator: 12,
      denominator: 30,
    };
    expect((await post([good], { dryRun: true }).expect(200)).body).toMatchObject({
      added: 1,
      committed: false,
    });
    const refused = await post([
      good,
      { ...good, date: '2022-06-18', numerator: 31 },
      { ...good, unitCode: '689' },
      { ...good, date: '2022-06-17', numerator: 1.5 },
    ]).expect(422);
    expect(
      (refused.body as { findings: { row: number; code: string; text: string }[] }).findings.map(
        ({ row, code }) => [row, code],
      ),
    ).toEqual([
      [2, 'readings.findings.numerator-above-denominator'],
      [3, 'readings.findings.unit-not-yours'],
      [4, 'readings.findings.decimals-in-count'],
    ]);
    expect(await readings()).toEqual([]);
    expect((await post([good]).expect(200)).body).toMatchObject({ added: 1, committed: true });
    expect((await readings())[0]).toMatchObject({ source: 'api', state: 'submitted' });
    await app
      .visitor()
      .post(`/api/v1/campaigns/${drive.slug}/readings`)
      .send({ readings: [good] })
      .expect(401);
  });

  it('come as a file: judged first, taken in by a second click', async () => {
    const send = (content: string, name = 'tuan-3.csv') =>
      reporter.http
        .post(path('/import'))
        .field('_csrf', reporter.token())
        .field('numbers', '')
        .attach('file', Buffer.from(content), name);
    const bad = await send(
      'ngày;mã đơn vị;chỉ tiêu;tử số;mẫu số\n19/6/2022;688;ho-so-truc-tuyen;31;30\n',
    ).expect(200);
    expect(bad.text).toContain('Tử số 31 lớn hơn mẫu số; cần ≤ 30');
    expect(bad.text).toContain('<code>tử số</code>');
    expect(bad.text).not.toContain('name="sha256"');
    const good = await send(
      'ngày;mã đơn vị;chỉ tiêu;tử số;mẫu số\n19/6/2022;688;ho-so-truc-tuyen;1.030;2.030\n',
    ).expect(200);
    const sha256 = /name="sha256" value="([0-9a-f]{64})"/.exec(good.text)?.[1];
    expect(await readings()).toEqual([]);
    await reporter.form(path('/import/commit'), { sha256 }).expect(303);
    expect(await readings()).toMatchObject([{ n: 1030, d: 2030, state: 'submitted', source: 'file' }]);
    await reporter.form(path('/import/commit'), { sha256 }).expect(303);
    expect(await readings()).toHaveLength(1);
    expect(
      (await send('\u0000\u0001', 'x.xlsx').expect((answer) => expect([200, 422]).toContain(answer.status)))
        .text,
    ).toContain('thiếu cột');
  });

  it('lock after the days of the plan; the organiser reopens them in bulk, with a reason and an end', async () => {
    const old = { on: '2022-06-10' };
    expect((await type(reporter, cell('688', '1', '2'), old).expect(422)).text).toContain('đã khóa');
    const wanted = {
      firstOn: '2022-06-08',
      lastOn: '2022-06-12',
      openUntil: '2022-06-22',
      reason: 'mất mạng',
    };
    await reporter.form(path('/locks'), wanted).expect(403);
    await organiser.form(path('/locks'), { ...wanted, reason: '' }).expect(422);
    await organiser.form(path('/locks'), wanted).expect(303);
    await type(reporter, cell('688', '1', '2'), old).expect(303);
    app.clock.set('2022-06-22T17:00:00Z');
    reporter = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
    expect((await type(reporter, cell('688', '1', '2'), { on: '2022-06-11' }).expect(422)).text).toContain(
      'đã khóa',
    );
  });

  it('carry their evidence, for officers of the unit only', async () => {
    await type(reporter, cell('688', '12', '30')).expect(303);
    const [{ id } = { id: 0 }] = await readings();
    const attach = (name: string) =>
      reporter.http
        .post(path(`/readings/${id}/evidence`))
        .field('_csrf', reporter.token())
        .attach('file', Buffer.from('%PDF-1.4 scan'), name);
    await attach('scan.exe').expect(422);
    await attach('scan.pdf').expect(303);
    const href =
      /href="(\/office\/evidence\/\d+)"/.exec((await reporter.get(path(`/readings/${id}`))).text)?.[1] ?? '';
    const file = await reporter
      .get(href)
      .expect(200)
      .expect('content-disposition', /attachment/);
    expect(Buffer.from(file.body as Buffer).toString()).toBe('%PDF-1.4 scan');
    const stranger = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['689'] }] });
    await stranger.get(href).expect(403);
    await stranger.get(path(`/readings/${id}`)).expect(403);
  });

  it('are counted against what was expected: only days of units that existed, never above 100 %', async () => {
    app.clock.set('2022-06-03T03:00:00Z');
    const lines = (units: string[], days: string[]) =>
      units.flatMap((unitCode) =>
        days.map((day) => ({
          row: 1,
          unitCode,
          unit: '',
          indicator: 'ho-so-truc-tuyen',
          day,
          from: '',
          to: '',
          numerator: '1',
          denominator: '2',
          value: '',
        })),
      );
    await app.get(Intake).take({
      slug: drive.slug,
      source: 'file',
      cells: lines(['688'], ['2022-06-01', '2022-06-02']),
      approve: true,
      pastLock: true,
      commit: true,
      officer: null,
      allowed: null,
    });
    await app.db.query("update unit_version set valid_to = '2022-06-02' where code = '25201'");
    const { body } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/completeness`).expect(200);
    const of = (code: string) =>
      (body as { units: { code: string }[] }).units.find((one) => one.code === code);
    expect((body as { until: string }).until).toBe('2022-06-02');
    expect(of('688')).toMatchObject({
      expected: 16,
      received: 2,
      onTime: 1,
      complete: '12.5',
      timely: '6.3',
    });
    expect(of('25219')).toMatchObject({ expected: 16, received: 0, complete: '0.0' });
    expect(of('25201')).toMatchObject({ expected: 8 });
    const list = async (query: string) => {
      const { text } = await organiser.get(`/office/readings/${drive.slug}/completeness${query}`).expect(200);
      return [...text.matchAll(/<th scope="row"[^>]*><a href="[^"]+">([^<]+)</g)].map(([, name]) => name);
    };
    expect((await list('?sort=complete&dir=desc'))[0]).toBe('Thị xã Phước Long');
    expect(await list('?q=PHUOC long&only=late')).toEqual(['Thị xã Phước Long']);
    expect(await list('?group=nowhere')).toEqual([]);
    expect((await list('?page=99&sort=missing')).length).toBeGreaterThan(2);
    const csv = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/completeness.csv?q=688&only=late`);
    expect(csv.text.trim().split('\r\n')).toHaveLength(2);
  });

  it('are for officers of the place only', async () => {
    const stranger = await signIn(app, { roles: [{ role: 'witness' }] });
    await stranger.get(path()).expect(403);
    await stranger.get('/office/readings').expect(403);
    await reporter.get(path(`?unit=${drive.unit['689']}`)).expect(403);
    expect((await type(reporter, cell('689', '1', '2')).expect(422)).text).toBeTruthy();
    expect(app.get(Approvals)).toBeDefined();
  });
});
