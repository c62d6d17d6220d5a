import { createWriteStream, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { jest } from '@jest/globals';
import yazl from 'yazl';
import { Derivation } from '../src/readings/derivation.service.js';
import { startApp, type TestApp } from './support/app.js';
import { runCli } from './support/cli.js';
import { makeDrive, type TestDrive } from './support/drive.js';

/** Each command is a program of its own: seconds, on a busy machine many. */
jest.setTimeout(300_000);

describe('lists and readings, from the command line', () => {
  let app: TestApp;
  let drive: TestDrive;
  const folder = mkdtempSync(join(tmpdir(), 'thidua-files-'));
  beforeAll(async () => {
    app = await startApp();
    drive = await makeDrive(app, (plan) => ({
      ...plan,
      indicators: [
        ...plan.indicators
          .slice(0, 1)
          .map((one) => ({ ...one, weights: { districts: '15', departments: '20', communes: '10' } })),
        ...plan.indicators.slice(1, 7),
        {
          ...plan.indicators[7]!,
          code: 'so-thanh-toan',
          nameVi: 'Số giao dịch',
          nameEn: 'Payments',
          form: 'count' as const,
          kind: 'flow' as const,
          denominatorVi: undefined,
          denominatorEn: undefined,
          denominatorMeasureVi: undefined,
        },
      ],
    }));
  });
  afterAll(() => app.close());

  const thidua = (...args: string[]) =>
    runCli(args, { DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir });
  const file = (name: string, lines: string[]) => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return join(folder, name);
  };
  const count = async (table: string) =>
    (await app.db.query<{ n: number }[]>(`select count(*)::int as n from ${table}`))[0]?.n;

  it('imports units after a dry run; a broken row is told with number, column and reason, and nothing is imported', async () => {
    const list = file('units.csv', [
      'code,level,type,full_name,parent_code',
      '70,province,Tỉnh,Tỉnh Bình Phước,',
      '690,district,Huyện,Huyện Bù Gia Mập,70',
    ]);
    const broken = file('broken.csv', [
      'code,level,type,full_name,parent_code',
      '691,district,Huyện,Huyện Lộc Ninh,99',
    ]);
    const before = await count('unit_version');
    const dry = await thidua('units', 'import', list, '--valid-from', '2022-01-01', '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('1 new units, 1 new versions')]);
    expect(await count('unit_version')).toBe(before);
    expect((await thidua('units', 'import', list, '--valid-from', '2022-01-01')).code).toBe(0);
    const refused = await thidua('units', 'import', broken, '--valid-from', '2022-01-01');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('row 2\tparent_code\tunits.findings.parent-unknown\tgot: 99');
  });

  it('refuses a merge of a unit into itself', async () => {
    const later = file('later.csv', [
      'code,level,type,full_name,parent_code',
      '70,province,Tỉnh,Tỉnh Bình Phước,',
      '688,district,Thị xã,Thị xã Phước Long,70',
    ]);
    expect((await thidua('units', 'import', later, '--valid-from', '2023-01-01')).code).toBe(0);
    const own = file('own.csv', [
      'old_code,new_code,kind,population_share,primary_hint',
      '688,688,whole,1,1',
    ]);
    const refused = await thidua('units', 'successors', own, '--on', '2023-01-01');
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringContaining('units.findings.merge-into-itself\tgot: 688 Thị xã Phước Long'),
    ]);
    expect(await count('succession')).toBe(0);
  });

  it('takes readings in only with --commit, and never half of a file', async () => {
    const good = file('good.csv', [
      'date,unit_code,indicator,numerator,denominator',
      '2022-06-01,688,ho-so-truc-tuyen,12,30',
      '2022-06-01,689,ho-so-truc-tuyen,13,30',
    ]);
    const bad = file('bad.csv', [
      'date,unit_code,indicator,numerator,denominator',
      '2022-06-02,688,ho-so-truc-tuyen,12,30',
      '2022-06-02,689,ho-so-truc-tuyen,31,30',
    ]);
    const dry = await thidua('readings', 'import', drive.slug, good);
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('Nothing was changed: a dry run')]);
    expect(await count('reading')).toBe(0);
    const refused = await thidua('readings', 'import', drive.slug, bad, '--commit');
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringContaining(
        'row 3\tnumerator\treadings.findings.numerator-above-denominator\tgot: 31\texpected: ≤ 30',
      ),
    ]);
    expect(await count('reading')).toBe(0);
    expect((await thidua('readings', 'import', drive.slug, good, '--commit')).out).toContain('Taken in.');
    expect(await count('reading')).toBe(2);
  });

  it('reads the first sheet of a workbook, with its days', async () => {
    const zip = new yazl.ZipFile();
    const add = (name: string, text: string) => zip.addBuffer(Buffer.from(text), name);
    add(
      'xl/workbook.xml',
      '<workbook><sheets><sheet name="T6" sheetId="1" r:id="rId1"/></sheets></workbook>',
    );
    add(
      'xl/_rels/workbook.xml.rels',
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet7.xml"/></Relationships>',
    );
    add(
      'xl/styles.xml',
      '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    );
    add(
      'xl/sharedStrings.xml',
      ['ngày', 'mã đơn vị', 'chỉ tiêu', 'tử số', 'mẫu số', 'ho-so-truc-tuyen']
        .map((text) => `<si><t>${text}</t></si>`)
        .join(''),
    );
    add(
      'xl/worksheets/sheet7.xml',
      `<worksheet><sheetData>
      <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c><c r="C3" t="s"><v>2</v></c><c r="D3" t="s"><v>3</v></c><c r="E3" t="s"><v>4</v></c></row>
      <row r="5"><c r="A5" s="1"><v>44715</v></c><c r="B5" t="inlineStr"><is><t>688</t></is></c><c r="C5" t="s"><v>5</v></c><c r="D5"><v>31</v></c><c r="E5"><v>30</v></c></row>
    </sheetData></worksheet>`,
    );
    zip.end();
    const path = join(folder, 'week.xlsx');
    await pipeline(zip.outputStream, createWriteStream(path));
    const { out } = await thidua('readings', 'import', drive.slug, path);
    expect(out).toContain('row 5\ttử số\treadings.findings.numerator-above-denominator\tgot: 31');
  });

  it('derives daily counts of payments, apart from typed figures, and again without a change', async () => {
    await app.db.query(
      `insert into campaign (slug, kind, title_vi, title_en, starts_on, ends_on, units_as_of) values ('uu-dai', 'promotion', 'a', 'a', '2022-06-01', '2022-12-31', '2022-06-01')`,
    );
    const [promotion] = await app.db.query<{ id: number }[]>(`select id from campaign where slug = 'uu-dai'`);
    await app.db.query(`create table payment_test partition of payment for values in (${promotion?.id})`);
    const pay = (id: number, unitCode: string, at: string, more = `0, 'settled'`) =>
      app.db.query(
        `insert into payment (promotion_id, id, payer_id, amount, paid_at, batch_id, row_number, source_id, refusals, kind, source_ref, procedure_code, unit_code, channel, method, reversed, status)
        values ($1, $2::int, 1, 1000, $3, 1, $2::int, 1, 0, 'payment', 'r' || $2::int, 'p', $4, 'c', 'm', ${more})`,
        [promotion?.id, id, at, unitCode],
      );
    await pay(1, '688', '2022-06-01T16:59:59Z');
    await pay(2, '688', '2022-06-01T17:00:00Z');
    await pay(3, '688', '2022-06-02T01:00:00Z');
    await pay(4, '688', '2022-06-02T01:00:00Z', `1000, 'settled'`);
    await pay(5, '688', '2022-06-02T01:00:00Z', `0, 'failed'`);
    const order = { slug: drive.slug, indicator: 'so-thanh-toan', promotion: 'uu-dai', officer: null };
    expect(await app.get(Derivation).payments(order)).toEqual({ added: 2, corrected: 0, unchanged: 0 });
    expect(await app.get(Derivation).payments(order)).toEqual({ added: 0, corrected: 0, unchanged: 2 });
    expect(
      await app.db.query(
        `select from_on as day, numerator as n, state from reading where source = 'derived' order by from_on`,
      ),
    ).toEqual([
      { day: '2022-06-01', n: 1, state: 'approved' },
      { day: '2022-06-02', n: 2, state: 'approved' },
    ]);
    await app.db.query('update payment set reversed = amount where id = 1');
    expect(await app.get(Derivation).payments(order)).toEqual({ added: 0, corrected: 1, unchanged: 1 });
    const derived = `select numerator as n from reading where source = 'derived' and replaced_at is null order by from_on`;
    expect(await app.db.query(derived)).toEqual([{ n: 0 }, { n: 2 }]);
    await expect(
      app.get(Derivation).payments({ ...order, indicator: 'ho-so-truc-tuyen' }),
    ).rejects.toMatchObject({ findings: [{ code: 'readings.findings.not-derivable' }] });
  });
});
