import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import yazl from 'yazl';
import { Intake } from '../src/entries/intake.service.js';
import { Batches } from '../src/payments/batches.service.js';
import { type TestApp, startApp } from './support/app.js';
import {
  batchOf,
  csv,
  HEADER,
  importText,
  line,
  type MadePromotion,
  makePromotion,
  standing,
} from './support/promotion.js';

describe('files as they come', () => {
  let app: TestApp;
  let promotion: MadePromotion;
  beforeAll(async () => {
    app = await startApp();
    app.clock.set('2023-04-02T08:00:00+07:00');
  });
  beforeEach(async () => {
    promotion = await makePromotion(app);
  });
  afterAll(() => app.close());

  const text = csv([{ ref: 'A' }, { ref: 'B', amount: 500 }]);
  const refused = async (content: string | Buffer, code: string, facts: object = {}) =>
    expect(await importText(app, promotion, content)).toMatchObject({
      state: 'refused',
      received: 0,
      entries: 0,
      fault: { code, facts },
    });
  const codes = async (id: number) =>
    (
      await app.db.query('select row_number, codes from quarantined_row where batch_id = $1 order by 1', [id])
    ).map((row: { row_number: number; codes: string[] }) => [row.row_number, ...row.codes]);

  it.each([
    ['a byte order mark', `\ufeff${text}`],
    ['semicolons and Windows line ends', text.replaceAll(',', ';').replaceAll('\n', '\r\n')],
    ['tabs and no end of the last line', text.replaceAll(',', '\t').slice(0, -1)],
    [
      'Vietnamese headers',
      text.replace(
        HEADER,
        'Mã giao dịch,Mã hồ sơ,Mã thủ tục,Mã đơn vị,Số định danh,MST,Họ và tên,Số điện thoại,Số tiền,Thời điểm thanh toán,Kênh,Phương thức,Mã tham chiếu ngân hàng,Trạng thái,Giao dịch gốc',
      ),
    ],
    ['empty lines between', text.replaceAll('\n', '\n\n')],
  ])('takes %s', async (_, content) => {
    expect(await importText(app, promotion, content)).toMatchObject({
      state: 'done',
      received: 2,
      eligible: 1,
      refused: 1,
    });
  });

  it('takes quotes with line breaks, doubled quotes and separators inside', async () => {
    const quoted = line({ ref: 'A', name: '"Nguyễn ""Văn"", A"' });
    expect(await importText(app, promotion, `${HEADER}\n${quoted}\n${line({ ref: 'B' })}\n`)).toMatchObject({
      received: 2,
      eligible: 2,
    });
    const [payer] = await app.db.query('select sealed from payer where promotion_id = $1', [promotion.id]);
    const { Vault } = await import('../src/platform/crypto/vault.js');
    expect(app.get(Vault).open(payer.sealed)).toBe('cccd:024091000001\t+84912345678\tNguyễn "Văn", A');
  });

  it('says what is wrong with a file in another encoding', async () => {
    await refused(Buffer.from(text, 'utf16le'), 'utf-16');
    await refused(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), 'utf-16');
    const windows = Buffer.concat([
      Buffer.from(`${HEADER}\n`),
      Buffer.from(line({ ref: 'A', name: 'Nguyn Vn' })),
      Buffer.from([0xcc, 0xd2, 10]),
    ]);
    await refused(windows, 'not-utf8', { looksLike: 'Windows-1258', record: 2 });
    const tcvn3 = Buffer.concat([
      Buffer.from(`${HEADER}\nA,H01,,,024091000001,,NguyÔn`, 'latin1'),
      Buffer.from([0xa8, 0xae, 0xb8, 0xbb]),
      Buffer.from(',,50000,2022-09-15,,,,,\n'),
    ]);
    await refused(tcvn3, 'not-utf8', { looksLike: 'TCVN3' });
  });

  it('sets a row aside whose name was written in an old encoding and re-saved', async () => {
    const batch = await importText(
      app,
      promotion,
      csv([
        { ref: 'A', name: 'NguyÔn V¨n B' },
        { ref: 'B', name: 'Nguye\u0302\u0303n' },
      ]),
    );
    expect(batch).toMatchObject({ eligible: 1, quarantined: 1 });
    expect(await codes(batch.id)).toEqual([[2, 'legacy-letters']]);
  });

  it('sets a row aside that turns to another encoding far into the file', async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => ({
      ref: `R-${index}`,
      id: `0240910${String(index).padStart(5, '0')}`,
    }));
    const bytes = Buffer.concat([
      Buffer.from(csv(rows)),
      Buffer.from(line({ ref: 'bad', name: 'Nguy' }).replace('Nguy', 'Nguy\u0001'), 'latin1'),
      Buffer.from('\n'),
    ]);
    bytes[bytes.indexOf(1)] = 0xec;
    const batch = await importText(app, promotion, bytes);
    expect(batch).toMatchObject({ state: 'done', received: 2001, eligible: 2000, quarantined: 1 });
    expect(await codes(batch.id)).toEqual([[2002, 'not-utf8']]);
  });

  it('refuses a file without a header, with a column missing or twice, empty, or with a quote left open', async () => {
    await refused('', 'empty');
    await refused('1,2,3\n4,5,6\n', 'header-missing');
    await refused('source_ref,amount,phone\nA,1,0912345678\n', 'columns-missing', { missing: 'paid_at' });
    await refused('source_ref,payment_id,amount,paid_at,phone\n', 'columns-twice');
    await refused(`${csv([{ ref: 'A' }])}"B,H01,never closed\n`, 'quote-not-closed', { record: 3 });
  });

  it('stops at a line longer than any row, with flat memory', async () => {
    const path = join(app.dataDir, 'one-line.csv');
    const out = createWriteStream(path);
    out.write(csv([{ ref: 'A' }]));
    const block = Buffer.alloc(1 << 20, 'x');
    for (let written = 0; written < 1024; written++)
      if (!out.write(block)) await new Promise((go) => out.once('drain', () => go(undefined)));
    out.end();
    await finished(out);
    const before = process.memoryUsage().rss;
    const file = await app.get(Batches).receiveFile(path);
    const id = await app.db.transaction((tx) =>
      app.get(Batches).register(tx, file, {
        promotionId: promotion.id,
        profile: 'portal',
        via: 'command',
        officerId: null,
      }),
    );
    await app.get(Intake).run(id);
    expect(await batchOf(app, id)).toMatchObject({
      state: 'refused',
      fault: { code: 'record-too-long', facts: { record: 3 } },
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1_048_576);
    expect(await standing(app, promotion)).toEqual([]);
  });

  it('finds every fault of a row: decimals, letters, future, zero, negative, serial dates, phones, tax codes', async () => {
    const batch = await importText(
      app,
      promotion,
      csv([
        { ref: 'A', amount: '50000.5' },
        { ref: 'B', amount: '5O000' },
        { ref: 'C', at: '2030-01-01T00:00:00+07:00' },
        { ref: 'D', amount: 0 },
        { ref: 'E', amount: -5 },
        { ref: 'F', at: '44819.4' },
        { ref: 'G', phone: '12ab' },
        { ref: 'H', tax: '0100233480' },
        { ref: 'I', at: '2023-02-29' },
        { ref: 'J J' },
        { ref: 'K', id: '', phone: '' },
        { ref: 'L', status: 'nope' },
        'M,too,short',
      ]),
    );
    expect(batch).toMatchObject({ received: 13, quarantined: 13, entries: 0 });
    expect(await codes(batch.id)).toEqual(
      [
        [2, 'amount'],
        [3, 'amount'],
        [4, 'moment-future'],
        [5, 'amount-zero'],
        [6, 'amount-negative'],
        [7, 'moment-serial'],
        [8, 'phone'],
        [9, 'tax-code'],
        [10, 'moment'],
        [11, 'characters'],
        [12, 'payer-missing'],
        [13, 'status'],
        [14, 'columns', 'payer-missing', 'missing', 'missing'].filter((code, at) => at < 2 || code !== ''),
      ].map((row, at) => (at === 12 ? expect.arrayContaining([14, 'columns']) : row)),
    );
  });

  it('keeps one person with several spellings of a phone as one holder', async () => {
    await importText(
      app,
      promotion,
      csv([
        { ref: 'A', phone: '0912345678' },
        { ref: 'B', phone: '+84 912.345.678' },
        { ref: 'C', phone: '' },
        { ref: 'D', id: '', phone: '0084912345678' },
        { ref: 'E', id: '', phone: '84912345678' },
      ]),
    );
    const [count] = await app.db.query('select count(*)::int as payers from payer where promotion_id = $1', [
      promotion.id,
    ]);
    expect(count.payers).toBe(2);
  });

  it('reads a Vietcombank statement: titles, repeated header, money out, totals, vi-VN numbers', async () => {
    const header = 'STT;Ngày giao dịch;Số tham chiếu;Số tiền ghi nợ;Số tiền ghi có;Số dư;Mô tả';
    const statement = [
      'NGÂN HÀNG TMCP NGOẠI THƯƠNG;;;;;;',
      'SAO KÊ TÀI KHOẢN;;;;;;',
      header,
      '1;15/9/2022 10:05;FT1;;50.000;1.050.000;DVC 1.000100 CCCD 024091000001 NGUYEN VAN THU',
      '2;15/9/2022 10:06;FT2;20.000;;1.030.000;PHI',
      header,
      '3;16/09/2022;FT3;;1.250.000;2.280.000;nop phi 0912345678',
      '4;16/09/2022;FT4;;1.000;2.281.000;khong ro ai',
      'Tổng cộng;;;20.000;1.301.000;;',
    ].join('\n');
    const batch = await importText(app, promotion, statement, 'vietcombank');
    expect(batch).toMatchObject({
      state: 'done',
      received: 3,
      eligible: 2,
      quarantined: 1,
      passed_over: 5,
      amount: 1_300_000,
    });
    expect(await codes(batch.id)).toEqual([[8, 'payer-missing']]);
  });

  const sheet = async (rows: string, size = 1) => {
    const zip = new yazl.ZipFile();
    const add = (name: string, body: string | Buffer) => zip.addBuffer(Buffer.from(body), name);
    add('[Content_Types].xml', '<Types/>');
    add(
      'xl/workbook.xml',
      '<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    );
    add(
      'xl/_rels/workbook.xml.rels',
      '<Relationships><Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    );
    add('xl/styles.xml', '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>');
    add(
      'xl/worksheets/sheet1.xml',
      size > 1 ? Buffer.alloc(size, ' ') : `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    );
    zip.end();
    const parts: Buffer[] = [];
    for await (const part of zip.outputStream) parts.push(part as Buffer);
    return Buffer.concat(parts);
  };
  const cells = (row: number, values: string[]) =>
    `<row r="${row}">${values.map((value, at) => (value.startsWith('<') ? value.replace('<c', `<c r="${'ABCDEFG'[at]}${row}"`) : `<c r="${'ABCDEFG'[at]}${row}" t="inlineStr"><is><t>${value}</t></is></c>`)).join('')}</row>`;

  it('reads a workbook: serial dates, numbers and the values of formulas', async () => {
    const rows =
      cells(1, ['Mã giao dịch', 'Số định danh', 'Số tiền', 'Thời điểm thanh toán']) +
      cells(2, ['X-1', '024091000001', '<c><v>50000</v></c>', '<c s="1"><v>44819.416666666664</v></c>']) +
      cells(3, ['X-2', '024091000002', '<c><f>25000*2</f><v>50000</v></c>', '2022-09-15T10:00:00']) +
      cells(4, ['X-3', '24091000002', '<c><v>50000.5</v></c>', '15/9/2022 10:00']);
    const batch = await importText(app, promotion, await sheet(rows));
    expect(batch).toMatchObject({ state: 'done', received: 3, eligible: 2, quarantined: 1 });
    expect(await codes(batch.id)).toEqual([[4, 'national-id', 'amount']]);
    const [payment] = await app.db.query(
      `select paid_at, row_number from payment where promotion_id = $1 and source_ref = 'X-1'`,
      [promotion.id],
    );
    expect(payment).toEqual({ paid_at: new Date('2022-09-15T10:00:00+07:00'), row_number: 2 });
  });

  it('refuses a zip bomb and a broken workbook in words', async () => {
    await refused(await sheet('', 230 * 1_048_576), 'workbook-too-large');
    await refused((await sheet(cells(1, ['a']))).subarray(0, 200), 'workbook-broken');
  });

  it('refuses before the first code when codes would run out, and loses nothing', async () => {
    promotion = await makePromotion(app, { format: { digits: 1 } });
    const rows = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({ ref: `R${from + index}` }));
    expect(await importText(app, promotion, csv(rows(0, 8)))).toMatchObject({ state: 'done', entries: 8 });
    await refused(csv(rows(100, 3)), 'capacity', { needed: 3, left: 2 });
    expect(await importText(app, promotion, csv(rows(200, 2)))).toMatchObject({ state: 'done', entries: 2 });
    expect(await standing(app, promotion)).toEqual(expect.arrayContaining(['R200 9', 'R201 0']));
  });
});
