import { Plans } from '../src/indicators/plans.service.js';
import { delimited } from '../src/platform/tables/delimited.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, makeUnits } from './support/drive.js';
import { signIn, type SignedInAgent } from './support/sign-in.js';

describe('a campaign plan', () => {
  let app: TestApp;
  let unit: Record<string, number>;
  let organiser: SignedInAgent;
  beforeEach(async () => {
    app = await startApp();
    unit = await makeUnits(app);
    organiser = await signIn(app, { roles: [{ role: 'organiser', unitId: unit['70'] }] });
  });
  afterEach(() => app.close());

  const fields = {
    titleVi: 'Chiến dịch cao điểm 92 ngày đêm',
    titleEn: '92-day drive',
    decisionRef: '170/KH-UBND',
    startsOn: '2022-06-01',
    unit: 'binh phuoc',
    kinds: ['district', 'department', 'commune'],
  };
  const PLAN = '/office/campaigns/chien-dich-cao-diem-92-ngay-dem';
  const make = (more: object = {}) => organiser.form('/office/campaigns', { ...fields, ...more });
  const plan = async () => (await organiser.get(PLAN).expect(200)).text;
  const rules = () =>
    app.db.query(
      'select number, decision_ref as decision, published_at is not null as published from rules_version order by id',
    );
  const acts = async () =>
    (
      await app.db.query<{ act: string }[]>(
        "select act from journal_entry where act like 'campaign.%' order by id",
      )
    ).map(({ act }) => act);

  it('is made from the template in one form, with the units of the place', async () => {
    await make().expect(303).expect('location', PLAN);
    expect(
      await app.db.query(
        'select g.code, count(*)::int as n from campaign_group g join participation p on p.group_id = g.id group by g.id order by g.ordinal',
      ),
    ).toEqual([
      { code: 'districts', n: 2 },
      { code: 'departments', n: 2 },
      { code: 'communes', n: 6 },
    ]);
    expect(await app.db.query('select ends_on as ends from campaign')).toEqual([{ ends: '2022-08-31' }]);
    expect(await app.db.query('select distinct target_due_on as due from indicator_version')).toEqual([
      { due: '2022-09-02' },
    ]);
    const page = await plan();
    expect(page).toContain('Kế hoạch đã đủ, có thể công bố');
    expect(page).toContain('Tỷ lệ hồ sơ tiếp nhận trực tuyến');
    expect((await organiser.get(`${PLAN}?lang=en`)).text).toContain(
      'The plan is complete and can be published',
    );
  });

  it('keeps what was typed and says what is wrong beside the field', async () => {
    const refused = await make({ unit: 'Tân Tiến', titleEn: '', startsOn: '2022-06-01' }).expect(422);
    expect(refused.text).toContain('value="Tân Tiến"');
    expect(refused.text).toContain('Hãy điền tên, ví dụ: 92-day drive');
    const ambiguous = await make({ unit: 'Tân Tiến' }).expect(422);
    expect(ambiguous.text).toContain('25219 Xã Tân Tiến; 25201 Xã Tân Tiến');
    await make().expect(303);
    expect((await make().expect(422)).text).toContain('Đã có chiến dịch mang tên này');
  });

  it('is published whole and not before it is complete', async () => {
    await make({ decisionRef: '' }).expect(303);
    await organiser
      .form(`${PLAN}/weights`, {
        'w.ho-so-truc-tuyen.districts': '25',
        'w.ho-so-truc-tuyen.departments': '25',
        'w.ho-so-truc-tuyen.communes': '20',
        't.ho-so-truc-tuyen': '',
      })
      .expect(303);
    const refused = (await organiser.form(`${PLAN}/publication`).expect(422)).text;
    expect(refused).toContain('Chưa có số kế hoạch hoặc quyết định, ví dụ: 170/KH-UBND');
    expect(refused).toContain('Tổng trọng số của Khối huyện, thị xã, thành phố: 105 điểm, phải bằng 100');
    expect(refused).toContain('Tỷ lệ hồ sơ tiếp nhận trực tuyến: –: chưa có mục tiêu');
    expect(await rules()).toEqual([{ number: 1, decision: null, published: false }]);
  });

  it('refuses a target below the baseline, and a denominator that counts something else', async () => {
    await make().expect(303);
    const own = {
      code: 'x',
      nameVi: 'Tỷ lệ X',
      nameEn: 'Rate X',
      form: 'ratio',
      kind: 'flow',
      numeratorVi: 'a',
      denominatorVi: 'b',
      denominatorEn: 'b',
      measureVi: 'hồ sơ',
      denominatorMeasureVi: 'thủ tục',
      target: '50',
      baseline: '60,5',
      targetDueOn: '2022-09-02',
    };
    await organiser.form(`${PLAN}/indicators/new`, own).expect(303);
    const page = await plan();
    expect(page).toContain('Tỷ lệ X: 50: mục tiêu kém mức ban đầu 60.5');
    expect(page).toContain('tử số và mẫu số đếm hai thứ khác nhau');
    await organiser.form(`${PLAN}/indicators/x/removal`).expect(303);
    expect(await plan()).toContain('Kế hoạch đã đủ');
  });

  it('takes milestones, steps and own starts in lines, keeps a wrong line, and sets phases', async () => {
    await make().expect(303);
    const own = {
      code: 'x',
      nameVi: 'Tỷ lệ X',
      nameEn: 'Rate X',
      form: 'count',
      target: '80',
      targetDueOn: '2022-09-02',
      targetPath: 'milestones',
      milestones: '01/7/2022; 40\n2022-08-01\t60',
      starts: '688; 12,5; 70\nThành phố Đồng Xoài; ; 75',
      curveSteps: '80; 100\n50; 60',
    };
    const wrong = await organiser
      .form(`${PLAN}/indicators/new`, { ...own, starts: '12345; 1; 2' })
      .expect(422);
    expect(wrong.text).toContain('Dòng “12345; 1; 2” không đọc được');
    expect(wrong.text).toContain('>12345; 1; 2</textarea>');
    await organiser.form(`${PLAN}/indicators/new`, own).expect(303);
    const { text } = await organiser.get(`${PLAN}/indicators/x`);
    for (const lines of ['01/7/2022; 40\n01/8/2022; 60', '688; 12,5; 70\n689; ; 75', '80; 100\n50; 60'])
      expect(text).toContain(`>${lines}</textarea>`);
    const phase = {
      'phase.kind': 'sprint',
      'phase.titleVi': 'Tuần cuối',
      'phase.titleEn': 'Last week',
      'phase.startsOn': '2022-08-25',
      'phase.endsOn': '2022-08-20',
    };
    const refused = await organiser.form(`${PLAN}/phases`, phase).expect(422);
    expect(refused.text).toContain('value="Tuần cuối"');
    await organiser.form(`${PLAN}/phases`, { ...phase, 'phase.endsOn': '2022-08-31' }).expect(303);
    expect(await plan()).toContain('Tuần cuối: 25/8/2022 – 31/8/2022');
    const [{ id }] = await app.db.query<[{ id: number }]>('select max(id) as id from phase');
    await organiser.form(`${PLAN}/phases/${id}/removal`).expect(303);
    expect(await plan()).not.toContain('Tuần cuối: ');
  });

  it('names units that are exempt from everything, empty groups and groups of one', async () => {
    await make().expect(303);
    await organiser
      .form(`${PLAN}/units/removal`, { unit: [unit['S01'] ?? 0, unit['688'] ?? 0, unit['689'] ?? 0] })
      .expect(303);
    await app.db.query(
      `insert into exemption (indicator_id, unit_id, evidence, granted_at) select id, $1, 'QĐ 1', now() from indicator`,
      [unit['S02']],
    );
    const page = await plan();
    expect(page).toContain('Sở Tài chính được miễn mọi chỉ tiêu');
    expect(page).toContain('Khối huyện, thị xã, thành phố chưa có đơn vị nào');
    expect(page).toContain('Khối sở, ban, ngành chỉ có một đơn vị');
    expect(
      (
        await organiser
          .form(`${PLAN}/units`, { group: 'districts', units: 'Phuoc Long\n689\nTân Tiến' })
          .expect(422)
      ).text,
    ).toContain('“Tân Tiến” có thể là nhiều đơn vị');
    await organiser.form(`${PLAN}/units`, { group: 'districts', units: 'Phuoc Long\n689' }).expect(303);
  });

  it('changes after publication only by an amendment with number, day and reason; the old version stays', async () => {
    await make().expect(303);
    await organiser.form(`${PLAN}/publication`).expect(303);
    await organiser.form(`${PLAN}/weights`, { 'w.ho-so-truc-tuyen.districts': '5' }).expect(409);
    await expect(app.db.query('update indicator_weight set weight = 1')).rejects.toThrow(
      'published and frozen',
    );
    await expect(app.db.query('delete from rules_version')).rejects.toThrow(/published and frozen|violates/);
    await organiser.form(`${PLAN}/amendment`).expect(303);
    await organiser
      .form(`${PLAN}/weights`, {
        'w.ho-so-truc-tuyen.districts': '25',
        'w.dung-han.districts': '5',
        't.ho-so-truc-tuyen': '50',
        't.dung-han': '98',
        'd.ho-so-truc-tuyen': '2022-09-02',
        'd.dung-han': '2022-09-02',
      })
      .expect(303);
    expect((await organiser.form(`${PLAN}/publication`).expect(422)).text).toContain(
      'Sửa đổi phải có số quyết định',
    );
    const desk = PLAN.replace('/office', '/api/v1/office');
    for (const table of ['amendment/changes', 'amendment/scores', 'simulation']) {
      const { body } = await organiser.get(`${desk}/${table}`).expect(200);
      const { columns } = body as { columns: { title: string }[]; rows: object[] };
      const { text, headers } = await organiser.get(`${desk}/${table}.csv`).expect(200);
      expect(delimited(Buffer.from(text)).header).toEqual(columns.map(({ title }) => title));
      expect(headers['cache-control']).toBe('private, no-store');
      await app.visitor().get(`${desk}/${table}.xlsx`).expect(401);
    }
    const { text: changes } = await organiser.get(`${desk}/amendment/changes.csv`);
    expect(changes).toContain(
      'Tỷ lệ hồ sơ tiếp nhận trực tuyến,Trọng số,"Khối huyện, thị xã, thành phố",20,25',
    );
    await organiser
      .form(`${PLAN}/publication`, {
        decisionRef: '1181/QĐ-UBND',
        decidedOn: '2022-07-01',
        reason: 'đổi trọng số',
      })
      .expect(303);
    expect(await rules()).toEqual([
      { number: 1, decision: '170/KH-UBND', published: true },
      { number: 2, decision: '1181/QĐ-UBND', published: true },
    ]);
    expect(
      await app.db
        .query(`select trim_scale(w.weight)::text as w from indicator_weight w join indicator_version v on v.id = w.indicator_version_id
      join indicator i on i.id = v.indicator_id join campaign_group g on g.id = w.group_id where i.code = 'dung-han' and g.code = 'districts' order by v.id`),
    ).toEqual([{ w: '10' }, { w: '5' }]);
    expect(await acts()).toEqual([
      'campaign.created',
      'campaign.published',
      'campaign.amendment-opened',
      'campaign.drafted',
      'campaign.amended',
    ]);
  });

  it('is copied from an earlier one with its days moved and its weights kept', async () => {
    await make().expect(303);
    await make({
      titleVi: 'Đợt hai',
      titleEn: 'Second drive',
      startsOn: '2023-06-01',
      copyOf: 'chien-dich-cao-diem-92-ngay-dem',
      decisionRef: '',
    })
      .expect(303)
      .expect('location', '/office/campaigns/dot-hai');
    expect(
      await app.db.query(
        "select starts_on as s, ends_on as e, decision_ref as d from campaign where slug = 'dot-hai'",
      ),
    ).toEqual([{ s: '2023-06-01', e: '2023-08-31', d: null }]);
    expect(
      await app.db
        .query(`select count(*)::int as n, min(target_due_on) as due from indicator_version v join rules_version r on r.id = v.rules_version_id
      join campaign c on c.id = r.campaign_id where c.slug = 'dot-hai'`),
    ).toEqual([{ n: 8, due: '2023-09-02' }]);
  });

  it('is planned by organisers of the place only', async () => {
    const stranger = await signIn(app, { roles: [{ role: 'organiser', unitId: unit['688'] }] });
    await stranger.form('/office/campaigns', fields).expect(403);
    await make().expect(303);
    await stranger.get(PLAN).expect(403);
    await app
      .visitor()
      .get(PLAN)
      .expect((answer) => expect([302, 303, 401]).toContain(answer.status));
    const reporter = await signIn(app, { roles: [{ role: 'reporter', unitId: unit['70'] }] });
    await reporter.get('/office/campaigns').expect(403);
  });

  it('may last one day, or four years', async () => {
    app.clock.set('2022-05-20T03:00:00Z');
    const day = await makeDrive(app, (one) => ({ ...one, endsOn: one.startsOn, phases: [], kind: 'review' }));
    expect(day.campaignId).toBeGreaterThan(0);
    const years = await makeDrive(app, (one) => ({ ...one, endsOn: '2026-05-31', kind: 'movement' }));
    expect(years.campaignId).toBeGreaterThan(0);
    for (const [{ slug }, last] of [
      [day, '2022-06-01'],
      [years, '2026-05-31'],
    ] as const) {
      app.clock.set(`${last}T16:59:59Z`);
      const { body } = await app
        .visitor()
        .get(`/api/v1/campaigns/${slug}/standings?on=2030-01-01`)
        .expect(200);
      expect(body).toMatchObject({
        asOf: last,
        groups: [{ units: [{ code: '688' }, { code: '689' }] }, {}, {}],
      });
    }
    const backwards = makeDrive(app, (one) => ({ ...one, endsOn: '2022-05-31' }));
    await expect(backwards).rejects.toMatchObject({
      findings: [{ code: 'campaigns.findings.ends-before-start' }],
    });
    expect(app.get(Plans)).toBeDefined();
  });
});
