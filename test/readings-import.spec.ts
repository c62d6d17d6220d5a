import { delimited } from '../src/platform/tables/delimited.js';
import type { Delivery } from '../src/readings/delivery.js';
import { Intake } from '../src/readings/intake.service.js';
import { readFile } from '../src/readings/reading-file.js';
import { UnitImporter } from '../src/units/unit-import.js';
import { campaignBySlug } from '../src/campaigns/campaigns.queries.js';
import { indicatorsOf } from '../src/indicators/indicators.queries.js';
import { handIn } from '../src/readings/file-import.service.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';

const HEAD = 'date,unit_code,unit,indicator,numerator,denominator,value';

describe('readings, taken in from files', () => {
  let app: TestApp;
  let drive: TestDrive;
  beforeEach(async () => {
    app = await startApp();
    app.clock.set('2022-06-20T03:00:00Z');
    drive = await makeDrive(app);
  });
  afterEach(() => app.close());

  const take = (lines: string[], more: Partial<Delivery> = {}, head = HEAD) => {
    const { cells, columns, findings } = readFile(delimited(Buffer.from([head, ...lines].join('\n'))));
    expect(findings).toEqual([]);
    return app.get(Intake).take({
      slug: drive.slug,
      source: 'file',
      cells,
      columns,
      approve: true,
      pastLock: true,
      commit: true,
      officer: null,
      allowed: null,
      ...more,
    });
  };
  const stored = () =>
    app.db
      .query(`select u.code, i.code as indicator, r.from_on as "from", r.to_on as "to", r.numerator as n, r.denominator as d, r.value, r.state
      from reading r join indicator i on i.id = r.indicator_id join unit_version u on u.unit_id = r.unit_id order by r.id`);
  const codes = (report: { findings: readonly { code: string; row?: number }[] }) =>
    report.findings.map(({ row, code }) => `${row} ${code}`);

  it('says what it would do and changes nothing without a commit', async () => {
    const report = await take(['2022-06-01,688,,ho-so-truc-tuyen,12,30,'], { commit: false });
    expect(report).toMatchObject({ rows: 1, added: 1, committed: false, findings: [] });
    expect(await stored()).toEqual([]);
  });

  it('takes a file in, and the same file again changes nothing', async () => {
    const lines = [
      '01/6/2022,688,,ho-so-truc-tuyen,"1.212","2.530",',
      '02/6/2022,,TX. Phước Long,Tỷ lệ hồ sơ tiếp nhận trực tuyến,0,0,',
    ];
    expect(await take(lines)).toMatchObject({ added: 2, committed: true, format: 'vi' });
    expect(await stored()).toEqual([
      {
        code: '688',
        indicator: 'ho-so-truc-tuyen',
        from: '2022-06-01',
        to: '2022-06-02',
        n: 1212,
        d: 2530,
        value: null,
        state: 'approved',
      },
      {
        code: '688',
        indicator: 'ho-so-truc-tuyen',
        from: '2022-06-02',
        to: '2022-06-03',
        n: 0,
        d: 0,
        value: null,
        state: 'approved',
      },
    ]);
    expect(await take(lines)).toMatchObject({ added: 0, corrected: 0, unchanged: 2, batchId: null });
    expect(await stored()).toHaveLength(2);
  });

  it('takes nothing in when one cell is wrong, and tells every fault with its row, column, figure and what is right', async () => {
    const report = await take([
      '2022-06-01,688,,ho-so-truc-tuyen,12,30,',
      '2022-06-01,689,,ho-so-truc-tuyen,31,30,',
      '2022-06-02,689,,ho-so-truc-tuyen,-1,30,',
      '2022-06-03,689,,ho-so-truc-tuyen,"1,5",30,',
      '2022-05-31,688,,ho-so-truc-tuyen,1,2,',
      '2022-06-21,688,,ho-so-truc-tuyen,1,2,',
      '2022-06-31,688,,ho-so-truc-tuyen,1,2,',
      '2022-06-01,688,,khong-co,1,2,',
      '2022-06-01,999,,ho-so-truc-tuyen,1,2,',
      '2022-06-01,,Xã Tân Tiến,ho-so-truc-tuyen,1,2,',
      '2022-06-01,70,,ho-so-truc-tuyen,1,2,',
      '2022-06-01,688,,ho-so-truc-tuyen,13,30,',
      '2022-06-05,688,,ho-so-truc-tuyen,abc,30,',
      '2022-06-06,688,,ho-so-truc-tuyen,,,"100,5"',
      '2022-06-06,689,,ho-so-truc-tuyen,5,,',
    ]);
    expect(report.committed).toBe(false);
    expect(codes(report)).toEqual([
      '3 readings.findings.numerator-above-denominator',
      '4 readings.findings.negative',
      '5 readings.findings.decimals-in-count',
      '6 readings.findings.day-outside',
      '7 readings.findings.day-in-future',
      '8 readings.findings.day-malformed',
      '9 readings.findings.indicator-unknown',
      '10 readings.findings.unit-unknown',
      '11 readings.findings.unit-ambiguous',
      '12 readings.findings.unit-not-in-campaign',
      '13 readings.findings.cell-twice',
      '14 readings.findings.number-malformed',
      '15 readings.findings.above-hundred',
      '16 readings.findings.denominator-missing',
    ]);
    expect(report.findings[0]).toEqual({
      row: 3,
      column: 'numerator',
      code: 'readings.findings.numerator-above-denominator',
      got: 31,
      expected: '≤ 30',
    });
    expect(report.findings.find(({ row }) => row === 11)?.expected).toBe(
      '25219 Xã Tân Tiến [2022-01-01, …); 25201 Xã Tân Tiến [2022-01-01, …)',
    );
    expect(report.findings.find(({ row }) => row === 13)?.expected).toBe('row 2');
    expect(await stored()).toEqual([]);
  });

  it('reads one number format per file and never guesses per cell', async () => {
    const mixed = await take([
      '2022-06-01,688,,ho-so-truc-tuyen,"1.212","2.530.000",',
      '2022-06-02,688,,ho-so-truc-tuyen,"1,212","2,530,000",',
    ]);
    expect(codes(mixed)).toEqual(['2 readings.findings.numbers-mixed', '3 readings.findings.numbers-mixed']);
    const unclear = ['2022-06-01,688,,ho-so-truc-tuyen,,,12.125'];
    expect(codes(await take(unclear))).toEqual(['2 readings.findings.numbers-ambiguous']);
    expect(await take(unclear, { format: 'en' })).toMatchObject({ added: 1, findings: [] });
    expect(await take(['2022-06-03,688,,ho-so-truc-tuyen,"1,212","2,530",'])).toMatchObject({
      format: 'en',
      added: 1,
    });
    const semicolons = readFile(
      delimited(
        Buffer.from('ngày;đơn vị;chỉ tiêu;tử số;mẫu số\n04/06/2022;Đồng Xoài;ho-so-truc-tuyen;1.000;2.000\n'),
      ),
    );
    expect(semicolons.cells[0]).toMatchObject({ unit: 'Đồng Xoài', numerator: '1.000', day: '04/06/2022' });
  });

  it('keeps a percent without its denominator as a percent', async () => {
    await take(['2022-06-01,688,,ho-so-truc-tuyen,,,"82,89%"']);
    expect(await stored()).toMatchObject([{ n: null, d: null, value: '82.89' }]);
  });

  it('turns running totals into what came in between, and refuses one that falls', async () => {
    const totals = [
      '2022-06-01,688,,ho-so-truc-tuyen,10,20,',
      '2022-06-02,688,,ho-so-truc-tuyen,15,28,',
      '2022-06-05,688,,ho-so-truc-tuyen,30,60,',
    ];
    await take(totals, { cumulative: true });
    expect(await stored()).toMatchObject([
      { from: '2022-06-01', to: '2022-06-02', n: 10, d: 20 },
      { from: '2022-06-02', to: '2022-06-03', n: 5, d: 8 },
      { from: '2022-06-03', to: '2022-06-06', n: 15, d: 32 },
    ]);
    expect(await take(totals, { cumulative: true })).toMatchObject({ unchanged: 3, added: 0 });
    const falling = await take(['2022-06-06,688,,ho-so-truc-tuyen,29,61,'], { cumulative: true });
    expect(falling.findings).toEqual([
      {
        row: 2,
        column: 'numerator',
        code: 'readings.findings.falling',
        got: '29 / 61',
        expected: '≥ 30 / 60',
      },
    ]);
  });

  it('refuses a day that lies in a window already reported', async () => {
    await take(
      ['2022-06-01,2022-06-16,688,ho-so-truc-tuyen,100,200'],
      {},
      'từ ngày,đến ngày,mã đơn vị,chỉ tiêu,tử số,mẫu số',
    );
    expect(await stored()).toMatchObject([{ from: '2022-06-01', to: '2022-06-17' }]);
    expect(codes(await take(['2022-06-16,688,,ho-so-truc-tuyen,1,2,']))).toEqual([
      '2 readings.findings.window-overlaps',
    ]);
  });

  it('changes what stands only with a reason, by a new reading that names the old one', async () => {
    await take(['2022-06-01,688,,ho-so-truc-tuyen,12,30,']);
    const other = ['2022-06-01,688,,ho-so-truc-tuyen,13,30,'];
    expect((await take(other)).findings).toEqual([
      {
        row: 2,
        column: 'numerator',
        code: 'readings.findings.cell-differs',
        got: '13 / 30',
        expected: '12 / 30',
      },
    ]);
    app.clock.set('2022-06-21T03:00:00Z');
    expect(await take(other, { reason: 'sót một hồ sơ' })).toMatchObject({ corrected: 1, committed: true });
    expect(
      await app.db.query(
        'select numerator as n, supersedes_id is not null as later, reason, replaced_at from reading order by id',
      ),
    ).toEqual([
      { n: 12, later: false, reason: null, replaced_at: new Date('2022-06-21T03:00:00Z') },
      { n: 13, later: true, reason: 'sót một hồ sơ', replaced_at: null },
    ]);
    await expect(app.db.query('update reading set numerator = 99')).rejects.toThrow('append-only');
    await expect(app.db.query('delete from reading')).rejects.toThrow('append-only');
    await expect(app.db.query('truncate reading cascade')).rejects.toThrow('append-only');
  });

  it('accepts old names and codes on their day only', async () => {
    const later =
      'code,level,type,full_name,parent_code\n70,province,Tỉnh,Tỉnh Bình Phước,\n688,district,Thị xã,Thị xã Phước Long,70\n25216,commune,Phường,Phường Thác Mơ Mới,688\n';
    await app
      .get(UnitImporter)
      .import({ file: Buffer.from(later), validFrom: '2022-06-10', commit: true, officer: null });
    expect(
      await take([
        '2022-06-09,,Phường Thác Mơ,ho-so-truc-tuyen,1,2,',
        '2022-06-12,,Phường Thác Mơ,ho-so-truc-tuyen,1,2,',
      ]),
    ).toMatchObject({ added: 2, findings: [] });
    const reform =
      'code,level,type,full_name,parent_code\n70,province,Tỉnh,Tỉnh Bình Phước,\n25216,commune,Phường,Phường Khác,70\n';
    await app.get(UnitImporter).import({
      file: Buffer.from(reform),
      validFrom: '2022-06-15',
      reform: true,
      commit: true,
      officer: null,
    });
    const report = await take([
      '2022-06-16,25216,Phường Thác Mơ,ho-so-truc-tuyen,1,2,',
      '2022-06-16,25217,,ho-so-truc-tuyen,1,2,',
      '2022-06-16,,Long Thủy,ho-so-truc-tuyen,1,2,',
    ]);
    expect(report.findings.map(({ row, code, expected }) => [row, code, expected])).toEqual([
      [2, 'readings.findings.code-names-another', '25216 Phường Khác [2022-06-15, …)'],
      [3, 'readings.findings.unit-not-on-date', '25217 Phường Long Thủy [2022-01-01, 2022-06-15)'],
      [4, 'readings.findings.unit-not-on-date', '25217 Phường Long Thủy [2022-01-01, 2022-06-15)'],
    ]);
  });

  it('warns of a figure that jumps away from the unit’s own days', async () => {
    const days = Array.from(
      { length: 8 },
      (_, at) => `2022-06-0${at + 1},688,,ho-so-truc-tuyen,${20 + (at % 3)},${40 + (at % 3)},`,
    );
    expect((await take(days)).warnings).toEqual([]);
    const report = await take(['2022-06-09,688,,ho-so-truc-tuyen,210,420,']);
    expect(report).toMatchObject({ committed: true, findings: [] });
    expect(report.warnings.map(({ column, code, got }) => [column, code, got])).toEqual([
      ['numerator', 'readings.findings.jump', 210],
      ['denominator', 'readings.findings.jump', 420],
    ]);
  });

  it('knows the day in Vietnam, not in Greenwich', async () => {
    app.clock.set('2022-06-20T16:59:59Z');
    expect(codes(await take(['2022-06-21,688,,ho-so-truc-tuyen,1,2,']))).toEqual([
      '2 readings.findings.day-in-future',
    ]);
    app.clock.set('2022-06-20T17:00:00Z');
    expect(await take(['2022-06-21,688,,ho-so-truc-tuyen,1,2,'])).toMatchObject({ added: 1, findings: [] });
  });

  it('locks days for officers after the time the plan gives, unless reopened', async () => {
    const late = ['2022-06-12,688,,ho-so-truc-tuyen,1,2,', '2022-06-13,688,,ho-so-truc-tuyen,1,2,'];
    expect(codes(await take(late, { pastLock: false }))).toEqual(['2 readings.findings.locked']);
    await app.db.query(
      `insert into lock_exception (campaign_id, unit_id, from_on, to_on, open_until, reason, granted_at)
       values ($1, $2, '2022-06-10', '2022-06-13', '2022-06-21', 'mất mạng', '2022-06-20')`,
      [drive.campaignId, drive.unit['688']],
    );
    expect(await take(late, { pastLock: false })).toMatchObject({ added: 2, findings: [] });
  });

  it('reads one row per unit and day with a column for each indicator, and finds faults in their own cells', async () => {
    const indicators = await indicatorsOf(
      app.db,
      (await campaignBySlug(app.db, drive.slug))!.rulesVersionId!,
    );
    const give = (lines: string[]) =>
      handIn(app.get(Intake), delimited(Buffer.from(lines.join('\n'))), indicators, {
        slug: drive.slug,
        source: 'file',
        commit: true,
        approve: true,
        pastLock: true,
        officer: null,
        allowed: null,
      });
    const head =
      'Ngày;Mã đơn vị;Tỷ lệ hồ sơ tiếp nhận trực tuyến;dung-han tử số;dung-han mẫu số;to-cong-nghe-so';
    const bad = await give([
      head,
      '01/6/2022;688;31/30;5;9;',
      '01/6/2022;688;;x;9;',
      '02/6/2022;688;1/2;5;;',
    ]);
    expect(bad.committed).toBe(false);
    expect(bad.findings.map(({ row, column, code }) => [row, column, code.split('.').at(-1)])).toEqual([
      [2, 'Tỷ lệ hồ sơ tiếp nhận trực tuyến', 'numerator-above-denominator'],
      [3, 'dung-han tử số', 'number-malformed'],
      [4, 'dung-han mẫu số', 'denominator-missing'],
    ]);
    const report = await give([
      head,
      '01/6/2022;688;1.012/2.030;5;9;3/4',
      '01/6/2022;689;11,5;;;',
      '02/6/2022;689;;;;',
    ]);
    expect(report.findings).toEqual([]);
    expect(
      (await stored()).map(({ code, indicator, n, d, value }: Record<string, unknown>) => [
        code,
        indicator,
        n,
        d,
        value,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['688', 'ho-so-truc-tuyen', 1012, 2030, null],
        ['688', 'dung-han', 5, 9, null],
        ['688', 'to-cong-nghe-so', 3, 4, null],
        ['689', 'ho-so-truc-tuyen', null, null, '11.5'],
      ]),
    );
    expect(report).toMatchObject({ rows: 4, added: 4 });
  });
});
