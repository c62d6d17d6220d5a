import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SuccessionImporter } from '../src/units/succession-import.js';
import { descentOf } from '../src/units/succession.queries.js';
import { UnitImporter } from '../src/units/unit-import.js';
import { UnitIndex } from '../src/units/unit-index.js';
import { allVersions, searchOn, treeOn } from '../src/units/unit.queries.js';
import { startApp, type TestApp } from './support/app.js';

const HEADER = 'code,level,type,type_en,name,name_en,full_name,full_name_en,parent_code';
const SMALL = [
  HEADER,
  '24,province,Tỉnh,Province,Bắc Giang,Bac Giang,Tỉnh Bắc Giang,Bac Giang Province,',
  '216,district,Huyện,District,Tân Yên,Tan Yen,Huyện Tân Yên,Tan Yen District,24',
  '218,district,Huyện,District,Lục Nam,Luc Nam,Huyện Lục Nam,Luc Nam District,24',
  '07333,commune,Xã,Commune,Lam Cốt,Lam Cot,Xã Lam Cốt,Lam Cot Commune,216',
  '07450,commune,Xã,Commune,Tân Tiến,Tan Tien,Xã Tân Tiến,Tan Tien Commune,216',
  '07451,commune,Xã,Commune,Tân Tiến,Tan Tien,Xã Tân Tiến,Tan Tien Commune,218',
  '07452,commune,Xã,Commune,Khánh Hòa,Khanh Hoa,Xã Khánh Hòa,Khanh Hoa Commune,218',
];
const csv = (lines: string[]) => Buffer.from(`${lines.join('\n')}\n`);

describe('units, imported from lists', () => {
  let app: TestApp;
  beforeEach(async () => (app = await startApp()));
  afterEach(() => app.close());

  const list = (lines: string[], validFrom = '2022-10-01', more = {}) =>
    app.get(UnitImporter).import({ file: csv(lines), validFrom, commit: true, officer: null, ...more });

  it('takes a list in, and the same list again changes nothing', async () => {
    expect(await list(SMALL)).toMatchObject({
      rows: 7,
      newUnits: 7,
      addedVersions: 7,
      committed: true,
      findings: [],
    });
    const before = await app.db.query('select * from unit_version order by id');
    expect(await list(SMALL)).toMatchObject({
      newUnits: 0,
      addedVersions: 0,
      movedVersions: 0,
      unchanged: 7,
    });
    expect(await app.db.query('select * from unit_version order by id')).toEqual(before);
    expect(
      await app.db.query("select facts ->> 'newUnits' as n from journal_entry where act = 'units.imported'"),
    ).toEqual([{ n: '7' }]);
  });

  it('changes nothing on a dry run', async () => {
    expect(await list(SMALL, '2022-10-01', { commit: false })).toMatchObject({
      newUnits: 7,
      committed: false,
    });
    expect(await allVersions(app.db)).toEqual([]);
  });

  it('imports nothing when one row is broken, and names row, column, reason, got and expected', async () => {
    const broken = [
      ...SMALL,
      '7453,commune,Xã,Commune,Mất Số,Mat So,Xã Mất Số,,218',
      '07454,hamlet,Thôn,,A,A,Thôn A,,218',
      '07455,commune,Xã,,B,B,Xã B,,999',
    ];
    const { committed, findings } = await list(broken);
    expect(committed).toBe(false);
    expect(findings).toEqual([
      { row: 9, column: 'code', code: 'units.findings.code-malformed', got: '7453', expected: '00001' },
      {
        row: 10,
        column: 'level',
        code: 'units.findings.level-unknown',
        got: 'hamlet',
        expected: 'province, district, commune, department, agency',
      },
    ]);
    expect(await allVersions(app.db)).toEqual([]);
    const orphan = await list([...SMALL, '07455,commune,Xã,,B,B,Xã B,,999']);
    expect(orphan.findings).toEqual([
      {
        row: 9,
        column: 'parent_code',
        code: 'units.findings.parent-unknown',
        got: '999',
        expected: 'a unit on 2022-10-01',
      },
    ]);
    expect(await allVersions(app.db)).toEqual([]);
  });

  it('refuses the same code twice, parents in a circle, and a file without its columns', async () => {
    const twice = await list([...SMALL, SMALL[4] ?? '']);
    expect(twice.findings).toMatchObject([{ row: 9, code: 'units.findings.code-twice', expected: 'row 5' }]);
    const circle = await list([HEADER, 'S1,department,Sở,,A,A,Sở A,,S2', 'S2,department,Sở,,B,B,Sở B,,S1']);
    expect(circle.findings).toMatchObject([
      { code: 'units.findings.parent-circular' },
      { code: 'units.findings.parent-circular' },
    ]);
    const own = await list([HEADER, 'S1,department,Sở,,A,A,Sở A,,S1']);
    expect(own.findings).toMatchObject([
      { row: 2, code: 'units.findings.parent-circular', got: 'S1', expected: 'not S1' },
    ]);
    expect((await list(['code,name', '24,x'])).findings.map(({ column }) => column)).toEqual([
      'level',
      'full_name',
      'parent_code',
    ]);
  });

  it('refuses a successor table that names a pair twice, two main successors, or a merge of a unit into itself', async () => {
    await list(SMALL);
    const next = SMALL.filter((line) => !line.startsWith('07333')).concat(
      '07334,commune,Xã,Commune,Lam Sơn,Lam Son,Xã Lam Sơn,Lam Son Commune,216',
    );
    await list(next, '2023-01-01', { complete: true });
    const table = (...rows: string[]) =>
      app.get(SuccessionImporter).import({
        file: csv(['old_code,new_code,kind,population_share,primary_hint', ...rows]),
        on: '2023-01-01',
        commit: true,
        officer: null,
      });
    const codes = async (...rows: string[]) =>
      (await table(...rows)).findings.map(({ row, code }) => [row, code]);
    expect(await codes('07333,07334,whole,1,1', '07333,07334,whole,1,1')).toEqual([
      [3, 'units.findings.pair-twice'],
    ]);
    expect(await codes('07333,07334,part,,1', '07333,07450,part,,1')).toEqual([
      [3, 'units.findings.primary-twice'],
    ]);
    expect(await codes('07450,07450,whole,1,1')).toEqual([[2, 'units.findings.merge-into-itself']]);
    expect(await app.db.query('select * from succession')).toEqual([]);
    const split = await table('07333,07334,part,,', '07333,07450,part,,');
    expect(split).toMatchObject({ added: 2, findings: [] });
  });

  it('begins a new version on the day a later list differs, of the same unit', async () => {
    await list(SMALL);
    const later = SMALL.map((line) =>
      line.replace('Xã,Commune,Lam Cốt,Lam Cot,Xã Lam Cốt', 'Xã,Commune,Lam Sơn,Lam Son,Xã Lam Sơn'),
    );
    expect(await list(later, '2025-01-01')).toMatchObject({
      newUnits: 0,
      addedVersions: 1,
      movedVersions: 1,
      unchanged: 6,
    });
    const versions = (await allVersions(app.db)).filter(({ code }) => code === '07333');
    expect(versions).toMatchObject([
      { fullName: 'Xã Lam Cốt', validFrom: '2022-10-01', validTo: '2025-01-01' },
      { fullName: 'Xã Lam Sơn', validFrom: '2025-01-01', validTo: null },
    ]);
    expect(new Set(versions.map(({ unitId }) => unitId)).size).toBe(1);
  });

  it('ends every unit on the day of a reform and begins new ones under the same codes', async () => {
    await list(SMALL);
    const reform = [
      HEADER,
      '24,province,Tỉnh,Province,Bắc Ninh,,Tỉnh Bắc Ninh,,',
      '07333,commune,Xã,Commune,Quang Trung,,Xã Quang Trung,,24',
    ];
    await list(reform, '2025-07-01', { reform: true });
    expect((await treeOn(app.db, '2025-07-01')).map(({ fullName }) => fullName)).toEqual([
      'Xã Quang Trung',
      'Tỉnh Bắc Ninh',
    ]);
    expect(await treeOn(app.db, '2025-06-30')).toHaveLength(7);
    expect(await list(reform, '2025-07-01', { reform: true })).toMatchObject({
      addedVersions: 0,
      movedVersions: 0,
      unchanged: 2,
    });
  });

  it('finds by code or name of the day, old names, other tone placement, without marks; never guesses between two', async () => {
    await list(SMALL);
    await list(
      SMALL.map((line) => line.replace('Lam Cốt,Lam Cot,Xã Lam Cốt', 'Lam Sơn,Lam Son,Xã Lam Sơn')),
      '2025-01-01',
    );
    const index = new UnitIndex(await allVersions(app.db));
    const find = (name: string, on = '2023-05-01') => index.find({ name, on });
    expect(find('tân yên')).toMatchObject({ unit: { code: '216' }, by: 'name' });
    expect(find('H. Tan Yen')).toMatchObject({ unit: { code: '216' } });
    expect(find('xã Khánh Hoà')).toMatchObject({ unit: { code: '07452' } });
    expect(find('Lam Cốt', '2025-03-01')).toMatchObject({ unit: { fullName: 'Xã Lam Sơn' }, by: 'old-name' });
    expect(find('Tân Tiến')).toMatchObject({
      why: 'ambiguous',
      candidates: [{ code: '07450' }, { code: '07451' }],
    });
    expect(find('Nơi Nào')).toEqual({ unit: null, why: 'unknown' });
    expect(index.find({ code: '07333', on: '2020-01-01' })).toMatchObject({ why: 'not-on-date' });
    expect(index.find({ code: '07333', name: 'Quang Trung', on: '2023-01-01' })).toMatchObject({
      why: 'code-names-another',
      candidates: [{ fullName: 'Xã Lam Cốt' }],
    });
    expect((await searchOn(app.db, 'tan yen', '2023-01-01', null)).map(({ fullName }) => fullName)).toEqual([
      'Huyện Tân Yên',
    ]);
  });

  it('keeps one version per unit and one unit per code at any moment, whoever writes', async () => {
    await list(SMALL);
    const copy = (set: string) =>
      app.db
        .query(`insert into unit_version (unit_id, code, name, full_name, kind, name_key, full_name_key, folded, full_folded, valid_from)
        select ${set}, name, full_name, kind, name_key, full_name_key, folded, full_folded, '2023-01-01' from unit_version where code = '07333'`);
    await expect(copy(`unit_id, 'X1'`)).rejects.toThrow('unit_version_one_at_a_time');
    await expect(copy(`(select unit_id from unit_version where code = '218'), code`)).rejects.toThrow(
      /unit_version_(code_belongs_to_one|one_at_a_time)/,
    );
  });
});

const DATA = join(process.cwd(), '../shared/data/vn-units');
const whenThere = existsSync(DATA) ? describe : describe.skip;
whenThere('the lists of the whole country', () => {
  let app: TestApp;
  beforeAll(async () => (app = await startApp()));
  afterAll(() => app.close());
  const file = (name: string) => readFileSync(join(DATA, name));
  const base = { commit: true, officer: null };

  it('takes in 2022, the history and both tables of successors, each twice without a change', async () => {
    const units = app.get(UnitImporter);
    const successions = app.get(SuccessionImporter);
    const list = { file: file('units-2022.csv'), validFrom: '2022-10-01', ...base };
    expect(await units.import(list)).toMatchObject({ rows: 11367, newUnits: 11367, committed: true });
    expect(await units.import(list)).toMatchObject({ unchanged: 11367, addedVersions: 0, movedVersions: 0 });
    const history = { file: file('units-history.csv'), ...base };
    expect(await units.import(history)).toMatchObject({ rows: 15417, findings: [], committed: true });
    expect(await app.db.query('select count(*)::int as n from unit_version')).toEqual([{ n: 15417 }]);
    expect(await units.import(history)).toMatchObject({
      addedVersions: 0,
      movedVersions: 0,
      unchanged: 15417,
    });
    for (const [name, on] of [
      ['successors-2025.csv', '2025-07-01'],
      ['successors-2025-provinces.csv', '2025-07-01'],
      ['successors-2022-to-2025H1.csv', undefined],
    ] as const) {
      expect(await successions.import({ file: file(name), on, ...base })).toMatchObject({
        findings: [],
        committed: true,
      });
      expect(await successions.import({ file: file(name), on, ...base })).toMatchObject({ added: 0 });
    }
  });

  it('reads Lam Cốt in 2023, on 2025-01-01 and today', async () => {
    const index = new UnitIndex(await allVersions(app.db));
    const found = index.find({ code: '07333', name: 'Lam Cốt', on: '2023-06-01' });
    if (!found.unit) throw new Error('not found');
    const at = async (day: string) =>
      (await descentOf(app.db, found.unit.unitId, day)).map(({ fullName, parentName, share }) => [
        fullName,
        parentName,
        share,
      ]);
    expect(await at('2023-06-01')).toEqual([['Xã Lam Cốt', 'Huyện Tân Yên', '1']]);
    expect(await at('2025-01-01')).toEqual([['Xã Lam Sơn', 'Huyện Tân Yên', '1']]);
    expect(await at('2026-10-01')).toEqual([['Xã Quang Trung', 'Tỉnh Bắc Ninh', '1']]);
  });

  it('has the trees of 2022 and of today, and loses no commune between them', async () => {
    const province = async (day: string, code: string) => {
      const [top] = (await treeOn(app.db, day)).filter(
        (unit) => unit.code === code && unit.kind === 'province',
      );
      return treeOn(app.db, day, top?.unitId ?? -1);
    };
    const old = await province('2022-10-01', '70');
    expect(old.filter(({ kind }) => kind === 'district')).toHaveLength(11);
    expect(old.filter(({ kind }) => kind === 'commune')).toHaveLength(111);
    expect((await treeOn(app.db, '2026-10-01')).length).toBe(34 + 3321);
    const lost = await app.db
      .query(`select count(*)::int as n from units_on('2025-06-30') u where kind = 'commune'
      and not exists (select 1 from succession s where s.from_unit_id = u.unit_id and s.took_effect_on = '2025-07-01')`);
    expect(lost).toEqual([{ n: 0 }]);
  });
});
