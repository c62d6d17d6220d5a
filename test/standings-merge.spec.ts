import { Intake } from '../src/readings/intake.service.js';
import { Cuts } from '../src/standings/cuts.service.js';
import { SuccessionImporter } from '../src/units/succession-import.js';
import { UnitImporter } from '../src/units/unit-import.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
import { signIn } from './support/sign-in.js';
import { report } from './support/standings.js';

const [A, B, C] = ['25216', '25217', '25220'] as const;
const [DE_A, DE_B] = ['ho-so-truc-tuyen', 'thanh-toan-truc-tuyen'] as const;
const REFORM = '2022-06-16';
const LIST = [
  'code,level,type,full_name,parent_code',
  '70,province,Tỉnh,Tỉnh Bình Phước,',
  '688,district,Thị xã,Thị xã Phước Long,70',
  '689,district,Thành phố thuộc tỉnh,Thành phố Đồng Xoài,70',
  '25219,commune,Xã,Xã Tân Tiến,688',
  '25195,commune,Phường,Phường Tân Phú,689',
  '25198,commune,Phường,Phường Tân Đồng,689',
  '25201,commune,Xã,Xã Tân Tiến,689',
  'S01,department,Sở,Sở Nội vụ,70',
  'S02,department,Sở,Sở Tài chính,70',
  `${C},commune,Phường,Phường Thác Mơ Mới,688`,
];

interface Cell {
  indicator: string;
  numerator: number | null;
  denominator: number | null;
}

/**
 * The four values are those of DHIS2's own test of its merge of organisation units (dhis2-core 3f8c14a,
 * DataOrgUnitMergeHandlerTest.testMergeDataValues): 10 and 11 of one data element, 12 and 13 of the other. DHIS2 keeps
 * the last, 11 and 13, and empties the sources. Here counts add, 21 and 25, and all four stay under their own units.
 */
describe('a merge of two communes in the middle of a campaign', () => {
  let app: TestApp;
  let drive: TestDrive;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2022-06-15T03:00:00Z');
    drive = await makeDrive(app, (plan) => ({
      ...plan,
      indicators: plan.indicators.map((indicator) =>
        indicator.code === DE_A ? { ...indicator, starts: starts(plan.groups ?? []) } : indicator,
      ),
    }));
    await report(app, drive, [
      [A, DE_A, '2022-06-10', 10, 50],
      [B, DE_A, '2022-06-10', 11, 30],
      [A, DE_B, '2022-06-10', 12, 40],
      [B, DE_B, '2022-06-10', 13, 40],
    ]);
    app.clock.set('2022-06-20T03:00:00Z');
    const list = Buffer.from(LIST.join('\n'));
    const order = { commit: true, officer: null };
    await app.get(UnitImporter).import({ file: list, validFrom: REFORM, complete: true, ...order });
    const file = Buffer.from(`old_code,new_code\n${A},${C}\n${B},${C}\n`);
    expect(await app.get(SuccessionImporter).import({ file, on: REFORM, ...order })).toMatchObject({
      added: 2,
    });
  });
  afterAll(() => app.close());

  /** Both old communes begin the campaign with figures of their own: 2 of 20 and 9 of 30. */
  const starts = (groups: readonly { readonly code: string; readonly units?: readonly number[] }[]) => {
    const [a = 0, b = 0] = groups.find(({ code }) => code === 'communes')?.units ?? [];
    return [
      { unitId: a, numerator: 2, denominator: 20 },
      { unitId: b, numerator: 9, denominator: 30 },
    ];
  };
  const units = async (query: string, group: number): Promise<Map<string, Record<string, Cell>>> => {
    const { body } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/standings${query}`);
    const rows = body.groups[group].units as { code: string; cells: Cell[] }[];
    return new Map(
      rows.map(({ code, cells }) => [code, Object.fromEntries(cells.map((cell) => [cell.indicator, cell]))]),
    );
  };
  const idOf = async (code: string) =>
    (
      await app.db.query<{ id: number }[]>('select unit_id as id from unit_version where code = $1', [code])
    )[0]!.id;

  it('adds counts up on the map of today: 21 and 25', async () => {
    const today = await units(`?tree=${REFORM}`, 2);
    expect([today.has(A), today.has(B)]).toEqual([false, false]);
    expect(today.get(C)?.[DE_A]).toMatchObject({ numerator: 21, denominator: 80 });
    expect(today.get(C)?.[DE_B]).toMatchObject({ numerator: 25, denominator: 80 });
  });

  it('keeps each commune with its own figures on the map of the launch', async () => {
    const launch = await units('', 2);
    expect(launch.has(C)).toBe(false);
    expect(launch.get(A)).toMatchObject({ [DE_A]: { numerator: 10 }, [DE_B]: { numerator: 12 } });
    expect(launch.get(B)).toMatchObject({ [DE_A]: { numerator: 11 }, [DE_B]: { numerator: 13 } });
  });

  it('gives the district above the same figures on both maps', async () => {
    for (const query of ['', `?tree=${REFORM}`])
      expect((await units(query, 0)).get('688')).toMatchObject({
        [DE_A]: { numerator: 21, denominator: 80 },
        [DE_B]: { numerator: 25, denominator: 80 },
      });
  });

  it('adds baselines up as sum over sum', async () => {
    const keys = { knownAt: new Date('2022-06-20T03:00:00Z'), treeOn: REFORM };
    const today = await app.get(Cuts).asKnown(drive.slug, keys);
    expect(today.baseline(await idOf(C), DE_A)).toMatchObject({ numerator: 11, denominator: 50 });
    const launch = await app.get(Cuts).asKnown(drive.slug, { knownAt: keys.knownAt });
    expect(launch.baseline(drive.unit[A]!, DE_A)).toMatchObject({ numerator: 2, denominator: 20 });
  });

  it('leaves the old readings readable under the old units', async () => {
    const path = `/campaigns/${drive.slug}/units/${await idOf(C)}/score?tree=${REFORM}&readings=${DE_A}`;
    const { text, status } = await app.visitor().get(path);
    expect(status).toBe(200);
    for (const name of ['Phường Thác Mơ', 'Phường Long Thủy']) expect(text).toContain(`<td>${name}</td>`);
    expect(await app.db.query('select numerator, unit_id from reading order by numerator')).toEqual(
      [10, 11, 12, 13].map((numerator, at) => ({ numerator, unit_id: drive.unit[at % 2 ? B : A] })),
    );
  });

  describe('and goes on with the new commune', () => {
    const path = (rest = '') => `/office/readings/${drive.slug}${rest}`;
    const figure = { date: '2022-06-17', numerator: 5, denominator: 20 };

    it('takes its readings from the grid, a file and a program, those of the old ones up to their last day', async () => {
      const district = await signIn(app, { roles: [{ role: 'reporter', unitId: drive.unit['688'] }] });
      const grid = (await district.get(path(`?on=2022-06-17&unit=${drive.unit[A]}`)).expect(200)).text;
      expect(grid).toContain('Phường Thác Mơ Mới (25220)');
      expect(grid).not.toContain('(25216)');
      const before = (await district.get(path('?on=2022-06-15')).expect(200)).text;
      expect(before).toContain('(25216)');
      expect(before).not.toContain('(25220)');
      const key = `${await idOf(C)}.${DE_A}`;
      const typed = { on: '2022-06-18', act: 'submit', [`n.${key}`]: '3', [`d.${key}`]: '10' };
      await district.form(path(), typed).expect(303);
      const lines = `date,unit,indicator,numerator,denominator\n2022-06-19,Phường Thác Mơ Mới,${DE_B},1,8\n`;
      const sent = await district.http
        .post(path('/import'))
        .field('_csrf', district.token())
        .field('numbers', '')
        .attach('file', Buffer.from(lines), 'tuan.csv');
      const sha256 = /name="sha256" value="([0-9a-f]{64})"/.exec(sent.text)?.[1];
      await district.form(path('/import/commit'), { sha256 }).expect(303);
      const post = (readings: object[]) =>
        district.http
          .post(`/api/v1/campaigns/${drive.slug}/readings`)
          .set('x-csrf-token', district.token())
          .send({ readings });
      await post([{ ...figure, unitCode: C, indicator: DE_A }]).expect(200);
      const refused = await post([
        { ...figure, unitCode: A, indicator: DE_A },
        { ...figure, unitCode: C, indicator: DE_A, date: '2022-06-15' },
        { ...figure, unitCode: C, indicator: DE_B, date: undefined, from: '2022-06-09', to: '2022-06-17' },
      ]).expect(422);
      expect(
        (refused.body.findings as { row: number; code: string }[]).map(({ row, code }) => [row, code]),
      ).toEqual([
        [1, 'readings.findings.unit-not-on-date'],
        [2, 'readings.findings.unit-not-on-date'],
        [3, 'readings.findings.window-overlaps'],
      ]);
      const organiser = await signIn(app, { roles: [{ role: 'organiser', unitId: drive.unit['70'] }] });
      const waiting = await app.db.query<{ id: number }[]>(
        "select id from reading where state = 'submitted'",
      );
      expect(waiting).toHaveLength(3);
      expect((await organiser.get(path('/approval')).expect(200)).text).toContain('Phường Thác Mơ Mới');
      await organiser
        .form(path('/approval'), { reading: waiting.map(({ id }) => String(id)), verdict: 'approve' })
        .expect(303);
    });

    it('takes running totals that go on where the old ones stopped, and no total that begins below them', async () => {
      const total = async (numerator: string, denominator: string) => {
        const cell = {
          row: 1,
          unitCode: C,
          unit: '',
          indicator: DE_B,
          day: '2022-06-17',
          from: '',
          to: '',
          value: '',
        };
        const order = {
          slug: drive.slug,
          source: 'api',
          format: 'en',
          officer: null,
          allowed: null,
        } as const;
        const cells = [{ ...cell, numerator, denominator }];
        return app.get(Intake).take({ ...order, cells, cumulative: true, commit: false });
      };
      expect((await total('26', '83')).findings).toEqual([]);
      expect((await total('24', '83')).findings).toMatchObject([
        { code: 'readings.findings.falling', expected: '≥ 25 / 80' },
      ]);
    });

    it('shows the board of both days on both trees', async () => {
      const at = (tree: string, on: string) => units(`${tree}${tree ? '&' : '?'}on=${on}`, 2);
      const map = `?tree=${REFORM}`;
      const before = { numerator: 21, denominator: 80 };
      expect((await at(map, '2022-06-15')).get(C)?.[DE_A]).toMatchObject(before);
      expect((await at(map, '2022-06-19')).get(C)?.[DE_A]).toMatchObject({ numerator: 29, denominator: 110 });
      expect((await at(map, '2022-06-19')).get(C)?.[DE_B]).toMatchObject({ numerator: 26, denominator: 88 });
      for (const on of ['2022-06-15', '2022-06-19']) {
        const launch = await at('', on);
        expect(launch.has(C)).toBe(false);
        expect(launch.get(A)?.[DE_A]).toMatchObject({ numerator: 10, denominator: 50 });
        expect(launch.get(B)?.[DE_A]).toMatchObject({ numerator: 11, denominator: 30 });
      }
      for (const tree of ['', map]) {
        const district = async (on: string) =>
          (await units(`${tree}${tree ? '&' : '?'}on=${on}`, 0)).get('688');
        expect((await district('2022-06-15'))?.[DE_A]).toMatchObject(before);
        expect((await district('2022-06-19'))?.[DE_A]).toMatchObject({ numerator: 29, denominator: 110 });
        const window = `figures?unit=688&indicator=${DE_A}&from=2022-06-01&to=2022-06-19`;
        const { body } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/${window}`).expect(200);
        expect(body).toMatchObject({ numerator: 29, denominator: 110 });
      }
    });

    it('says what cannot be divided, on the board and on the pages of the units', async () => {
      const board = (await app.visitor().get(`/campaigns/${drive.slug}?lang=en`)).text;
      const told =
        'Since 16 June 2022, Phường Thác Mơ, Phường Long Thủy report together as Phường Thác Mơ Mới';
      expect(board).toContain(told);
      expect(board).toContain('count for Thị xã Phước Long only');
      const unit = (await app.visitor().get(`/campaigns/${drive.slug}/units/${drive.unit[A]}?lang=en`)).text;
      expect(unit).toContain(told);
      const today = `/campaigns/${drive.slug}/units/${await idOf(C)}/score?tree=${REFORM}&lang=en`;
      expect((await app.visitor().get(today)).text).toContain(
        'Phường Long Thủy was merged into Phường Thác Mơ Mới',
      );
    });

    it('expects reports of the old ones up to their last day and of the new one from then on', async () => {
      const { body } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/completeness`).expect(200);
      const rows = new Map(
        (body.units as { code: string; expected: number; received: number }[]).map((row) => [row.code, row]),
      );
      // 15 days before the reform, 4 days since, up to yesterday.
      const [old, fresh] = [rows.get(A)!, rows.get(C)!];
      expect(old.expected / 15).toBe(fresh.expected / 4);
      expect([old.received, fresh.received]).toEqual([2, 3]);
    });
  });
});

const SPLIT = [
  'code,level,type,full_name,parent_code',
  '70,province,Tỉnh,Tỉnh Bình Phước,',
  '688,district,Thị xã,Thị xã Phước Long,70',
  '689,district,Thành phố thuộc tỉnh,Thành phố Đồng Xoài,70',
  '25219,commune,Xã,Xã Tân Tiến,688',
  '25217,commune,Phường,Phường Long Thủy,688',
  '25221,commune,Phường,Phường Thác Mơ Một,688',
  '25222,commune,Phường,Phường Thác Mơ Hai,688',
  '25199,commune,Phường,Phường Tân Phú Bắc,689',
  '25200,commune,Phường,Phường Tân Phú Nam,689',
  '25202,commune,Phường,Phường Tân Đồng Mới,689',
  '25201,commune,Xã,Xã Tân Tiến,689',
  'S01,department,Sở,Sở Nội vụ,70',
  'S02,department,Sở,Sở Tài chính,70',
];

/** Thác Mơ is divided 60 to 40, Tân Phú in shares that nobody knows, Tân Đồng goes on under another code. */
describe('splits in the middle of a campaign', () => {
  let app: TestApp;
  let drive: TestDrive;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2022-06-15T03:00:00Z');
    drive = await makeDrive(app, (plan) => ({
      ...plan,
      graceDays: 0,
      indicators: plan.indicators.map((one) =>
        one.code === DE_B ? { ...one, kind: 'stock' as const } : one,
      ),
    }));
    await report(app, drive, [
      ['25216', DE_A, '2022-06-10', 7, 15],
      ['25216', DE_B, '2022-06-10', 5, 9],
      ['25195', DE_A, '2022-06-10', 8, 20],
      ['25195', DE_B, '2022-06-10', 4, 10],
      ['25198', DE_A, '2022-06-10', 3, 30],
    ]);
    app.clock.set('2022-06-20T03:00:00Z');
    const order = { commit: true, officer: null };
    const list = { file: Buffer.from(SPLIT.join('\n')), validFrom: REFORM, complete: true };
    await app.get(UnitImporter).import({ ...list, ...order });
    const pairs = [
      'old_code,new_code,kind,population_share',
      '25216,25221,part,0.6',
      '25216,25222,part,0.4',
      '25195,25199,part,',
      '25195,25200,part,',
      '25198,25202,whole,1',
    ];
    const file = Buffer.from(pairs.join('\n'));
    expect((await app.get(SuccessionImporter).import({ file, on: REFORM, ...order })).findings).toEqual([]);
    await report(app, drive, [
      ['25221', DE_A, '2022-06-17', 2, 10],
      ['25221', DE_B, '2022-06-17', 6, 7],
      ['25199', DE_A, '2022-06-17', 1, 4],
      ['25199', DE_B, '2022-06-17', 3, 5],
      ['25200', DE_A, '2022-06-17', 2, 6],
      ['25202', DE_A, '2022-06-17', 4, 10],
    ]);
  });
  afterAll(() => app.close());

  const counts = async (query: string, group: number, code: string, indicator: string) => {
    const { body } = await app
      .visitor()
      .get(`/api/v1/campaigns/${drive.slug}/standings?${query}`)
      .expect(200);
    const units = body.groups[group].units as { code: string; cells: Cell[] }[];
    const cell = units.find((one) => one.code === code)?.cells.find((one) => one.indicator === indicator);
    return cell && [cell.numerator, cell.denominator];
  };
  const [early, late] = ['on=2022-06-15', 'on=2022-06-19'];
  const today = `tree=${REFORM}`;

  it('apportion by known shares, in whole cases that add up to the figure of the old unit', async () => {
    // 7 of 15: met 7 as 4 and 3, unmet 8 as 5 and 3.
    expect(await counts(`${today}&${early}`, 2, '25221', DE_A)).toEqual([4, 9]);
    expect(await counts(`${today}&${early}`, 2, '25222', DE_A)).toEqual([3, 6]);
    expect(await counts(`${today}&${late}`, 2, '25221', DE_A)).toEqual([6, 19]);
    expect(await counts(late, 2, '25216', DE_A)).toEqual([9, 25]);
  });

  it('never guess where the shares are unknown: nothing from before the split, and the district has it all', async () => {
    expect(await counts(`${today}&${early}`, 2, '25199', DE_A)).toBeUndefined();
    expect(await counts(`${today}&${late}`, 2, '25199', DE_A)).toEqual([1, 4]);
    expect(await counts(`${today}&${late}`, 2, '25200', DE_A)).toEqual([2, 6]);
    expect(await counts(late, 2, '25195', DE_A)).toEqual([11, 30]);
  });

  it('give districts the same sums on both trees, before and after', async () => {
    for (const [district, before, after] of [
      ['688', [7, 15], [9, 25]],
      ['689', [11, 50], [18, 70]],
    ] as const)
      for (const tree of ['', `${today}&`]) {
        expect(await counts(`${tree}${early}`, 0, district, DE_A)).toEqual(before);
        expect(await counts(`${tree}${late}`, 0, district, DE_A)).toEqual(after);
      }
  });

  it('count a state once: the old one until all who took it over have said theirs', async () => {
    // One of the two heirs has said 6 of 7; the other still has its part, 2 of 3 (of 5 and 4: 2 and 1).
    expect(await counts(`${today}&${late}`, 0, '688', DE_B)).toEqual([8, 11]);
    // Only one half of Tân Phú has said its state: the old one stands.
    for (const tree of ['', `${today}&`])
      expect(await counts(`${tree}${late}`, 0, '689', DE_B)).toEqual([4, 10]);
    await report(app, drive, [
      ['25222', DE_B, '2022-06-18', 1, 4],
      ['25200', DE_B, '2022-06-18', 2, 9],
    ]);
    for (const tree of ['', `${today}&`]) {
      expect(await counts(`${tree}${late}`, 0, '688', DE_B)).toEqual([7, 11]);
      expect(await counts(`${tree}${late}`, 0, '689', DE_B)).toEqual([5, 14]);
      const window = `figures?unit=689&indicator=${DE_B}&from=2022-06-01&to=2022-06-19`;
      const { body } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/${window}`).expect(200);
      expect(body).toMatchObject({ numerator: 5, denominator: 14 });
    }
  });

  it('carry a unit under a new code on as one and the same', async () => {
    for (const [tree, code] of [
      ['', '25198'],
      [`${today}&`, '25202'],
    ] as const)
      expect(await counts(`${tree}${late}`, 2, code, DE_A)).toEqual([7, 40]);
    await report(app, drive, [['25202', DE_A, '2022-06-18', 1, 1]]);
    expect(await counts(late, 2, '25198', DE_A)).toEqual([8, 41]);
  });

  it('refuse a running total of a unit whose part nobody knows', async () => {
    const cell = { row: 1, unit: '', indicator: DE_A, day: '2022-06-18', from: '', to: '', value: '' };
    const cells = [{ ...cell, unitCode: '25199', numerator: '12', denominator: '30' }];
    const order = { slug: drive.slug, source: 'api', format: 'en', officer: null, allowed: null } as const;
    const { findings } = await app.get(Intake).take({ ...order, cells, cumulative: true, commit: false });
    expect(findings).toMatchObject([{ code: 'readings.findings.total-after-split' }]);
  });

  it('say on the page what is an estimate and what is left out', async () => {
    const board = (await app.visitor().get(`/campaigns/${drive.slug}?${today}&lang=en`)).text;
    expect(board).toContain('Phường Thác Mơ Một (60 %), Phường Thác Mơ Hai (40 %)');
    expect(board).toContain('which is an estimate');
    expect(board).toContain('in shares that nobody knows');
  });
});
