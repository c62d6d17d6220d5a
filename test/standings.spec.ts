import { csvLine } from '../src/platform/tables/csv-line.js';
import { delimited } from '../src/platform/tables/delimited.js';
import { workbook } from '../src/platform/tables/workbook.js';
import { workbookStream } from '../src/platform/tables/workbook-stream.js';
import { startApp, type TestApp } from './support/app.js';
import { makeDrive, type TestDrive } from './support/drive.js';
import { report, type Figure } from './support/standings.js';

/** 22 days of both districts: one near its target, one far from it. */
const june = (days = 22): Figure[] =>
  Array.from({ length: days }, (_, index) => `2022-06-${String(index + 1).padStart(2, '0')}`).flatMap(
    (day, index) => [
      ['688', 'ho-so-truc-tuyen', day, 20 + (index % 3), 50],
      ['688', 'thanh-toan-truc-tuyen', day, 10, 40],
      ['688', 'dung-han', day, 49, 50],
      ['689', 'ho-so-truc-tuyen', day, 5 + (index % 4), 40],
      ['689', 'thanh-toan-truc-tuyen', day, 2, 30],
      ['689', 'dung-han', day, 38, 40],
      ['25216', 'ho-so-truc-tuyen', day, 1, 5],
    ],
  );

describe('standings', () => {
  let app: TestApp;
  let drive: TestDrive;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2022-06-22T03:00:00Z');
    drive = await makeDrive(app);
    await report(app, drive, june());
  });
  afterAll(() => app.close());

  const json = async (query = '') => {
    const { body, status } = await app.visitor().get(`/api/v1/campaigns/${drive.slug}/standings${query}`);
    expect(status).toBe(200);
    return body;
  };
  const page = async (path = '') => {
    const { text, status } = await app.visitor().get(`/campaigns/${drive.slug}${path}`);
    expect([path, status]).toEqual([path, 200]);
    return text;
  };

  it('add a district up from itself and its communes', async () => {
    const { groups } = await json();
    const district = groups[0].units.find(({ code }: { code: string }) => code === '688');
    const cell = district.cells.find(
      ({ indicator }: { indicator: string }) => indicator === 'ho-so-truc-tuyen',
    );
    // 20, 21, 22 in turn over 22 days, and one a day of Thác Mơ
    expect(cell).toMatchObject({ numerator: 461 + 22, denominator: 55 * 22, state: 'counted' });
  });

  it('have a page for the board and one for each unit, in both languages', async () => {
    const board = await page();
    expect(board).toContain('Thị xã Phước Long');
    expect(board).toContain('Ngày 22/92');
    expect(await page('?lang=en&group=communes')).toContain('Day 22 of 92');
    expect(await page(`/units/${drive.unit['688']}`)).toContain('Vì sao có điểm này?');
    expect(await page('?by=progress&day=5')).toContain('Ngày 5/92');
    expect(await page('/embed')).toContain('Xem bảng đầy đủ');
    expect(await page('/indicators/ho-so-truc-tuyen')).toContain('Cả khối');
    expect(await page('/compare')).toContain('Tự tiến bộ');
    expect(await page('/policies?state=few-cases&group=communes')).toContain('Kéo về mức chung');
    expect(await page('/replay')).toContain('Thị xã Phước Long');
    expect(await page('/ceremony?shown=1&lang=en')).toContain('1 unit left');
    expect(await page('/publications')).toContain('Chưa công bố bảng nào');
  });

  it('are sorted by any column, on the page and in what is taken away', async () => {
    const names = (text: string) =>
      [...text.matchAll(/<th scope="row"><a href="[^"]+">([^<]+)</g)].map(([, name]) => name);
    expect(names(await page())).toEqual(['Thị xã Phước Long', 'Thành phố Đồng Xoài']);
    const turned = await page('?sort=ho-so-truc-tuyen&dir=asc');
    expect(names(turned)).toEqual(['Thành phố Đồng Xoài', 'Thị xã Phước Long']);
    expect(turned).toContain('aria-sort="ascending"');
    expect(turned).toContain('standings.csv?on&#x3D;2022-06-22&amp;group&#x3D;districts&amp;sort&#x3D;ho-so');
    expect(names(await page('?sort=unit&lang=vi'))).toEqual(['Thành phố Đồng Xoài', 'Thị xã Phước Long']);
    for (const sort of ['place&dir=desc', 'score&dir=asc', 'other&dir=desc', 'ho-so-truc-tuyen&dir=asc']) {
      expect([sort, names(await page(`?sort=${sort}`))[0]]).toEqual([sort, 'Thành phố Đồng Xoài']);
      expect([sort, (await json(`?sort=${sort}`)).groups[0].units[0].code]).toEqual([sort, '689']);
    }
    expect(names(await page('?sort=nothing-of-the-kind'))[0]).toBe('Thị xã Phước Long');
  });

  it('explain a score down to the readings behind it', async () => {
    const text = await page(`/units/${drive.unit['688']}/score?readings=ho-so-truc-tuyen`);
    expect(text).toContain('Tỷ lệ công bố: 39,92% (483/1.210)');
    expect(text).toContain('Hiện 44 trong 44 báo cáo');
    expect(text).toContain('Qua API');
  });

  it('give figures for free windows, which may overlap', async () => {
    const figure = async (from: string, to: string, unit = '688') => {
      const path = `/api/v1/campaigns/${drive.slug}/figures?indicator=thanh-toan-truc-tuyen&from=${from}&to=${to}&unit=${unit}`;
      return (await app.visitor().get(path)).body;
    };
    expect(await figure('2022-06-01', '2022-06-16')).toMatchObject({
      numerator: 160,
      denominator: 640,
      text: '25,00%',
    });
    expect(await figure('2022-06-16', '2022-06-22')).toMatchObject({ numerator: 70, denominator: 280 });
    expect(await figure('2022-06-01', '2022-06-22', '689')).toMatchObject({ numerator: 44, text: '6,67%' });
    expect(await figure('2022-06-01', '2022-06-22', '70')).toMatchObject({
      numerator: 264,
      denominator: 1540,
    });
    expect(await figure('2022-06-30', '2022-06-01')).toMatchObject({ status: 400 });
  });

  it('are taken away as tables, in every form the same, and by parts', async () => {
    const get = async (path: string) => {
      const answer = await fetch(`${app.url}/api/v1/${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      return Buffer.from(await answer.arrayBuffer());
    };
    const base = `campaigns/${drive.slug}`;
    const district = `${base}/units/${drive.unit['688']}/indicators`;
    const online = `${base}/indicators/ho-so-truc-tuyen/units`;
    const own = ['compare', 'policies', 'replay', 'report/indicators', 'report/order'].map(
      (name) => `${base}/${name}`,
    );
    for (const path of [...own, district, online]) {
      const { columns, rows } = JSON.parse((await get(path)).toString()) as {
        columns: { name: string; title: string }[];
        rows: Record<string, unknown>[];
      };
      const file = delimited(await get(`${path}.csv`));
      expect([path, file.header]).toEqual([path, columns.map(({ title }) => title)]);
      expect(rows.map((row) => Object.keys(row).length)).toEqual(file.rows.map(() => columns.length));
      const english = delimited(await get(`${path}.csv?lang=en`)).header;
      expect(english.filter((title) => file.header.includes(title))).toEqual([]);
    }
    const tables = ['standings', 'readings', 'completeness'].map((name) => `${base}/${name}`);
    for (const path of [...tables, 'units/all', ...own, district, online]) {
      const [csv, xlsx] = [delimited(await get(`${path}.csv`)), await workbook(await get(`${path}.xlsx`))];
      expect([path, xlsx.header]).toEqual([path, csv.header]);
      expect(xlsx.rows.length).toBe(csv.rows.length);
      expect(xlsx.rows.length).toBeGreaterThan(1);
      const plain = (cells: readonly string[]) =>
        xlsx.header.map((_, at) =>
          /^-?\d+\.\d+$/.test(cells[at] ?? '') ? String(Number(cells[at])) : (cells[at] ?? ''),
        );
      expect(xlsx.rows.map(({ cells }) => plain(cells))).toEqual(csv.rows.map(({ cells }) => plain(cells)));
    }
    const part = delimited(await get(`${base}/standings.csv?unit=688&indicator=ho-so-truc-tuyen`));
    expect(part.rows.map(({ cells }) => [cells[2], cells[9]])).toEqual([['688', 'ho-so-truc-tuyen']]);
    const units = async (query: string) =>
      JSON.parse((await get(`units/all?on=2022-06-01&limit=4${query}`)).toString()) as {
        units: { code: string }[];
        next?: number;
      };
    const codes: string[] = [];
    for (let next: number | undefined = 0; next !== undefined;) {
      const stretch = await units(`&after=${next}`);
      codes.push(...stretch.units.map(({ code }) => code));
      next = stretch.next;
    }
    expect(new Set(codes).size).toBe(11);
    const { headers } = await fetch(`${app.url}/api/v1/${base}/standings.xlsx`);
    const again = await fetch(`${app.url}/api/v1/${base}/standings.xlsx`, {
      headers: { 'if-none-match': headers.get('etag')! },
    });
    expect(again.status).toBe(304);
  });

  it('leave a spreadsheet nothing to reckon with but numbers', async () => {
    const formula = '=HYPERLINK("http://x")';
    const rows = (async function* () {
      yield [formula, '07333', 12.5, null, true, 'a\u0001<&>', '-1'];
    })();
    const chunks = await workbookStream(['+head'], rows).toArray();
    const { header, rows: read } = await workbook(Buffer.concat(chunks as Buffer[]));
    expect(header).toEqual(['+head']);
    expect(read[0]?.cells).toEqual([formula, '07333', '12.5', '', '1', 'a<&>', '-1']);
    expect(csvLine([formula, '@a', -1])).toBe(`"'=HYPERLINK(""http://x"")",'@a,-1\r\n`);
  });
});
