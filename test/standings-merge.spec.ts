import { Cuts } from '../src/standings/cuts.service.js';
import { SuccessionImporter } from '../src/units/succession-import.js';
import { UnitImporter } from '../src/units/unit-import.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
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
});
