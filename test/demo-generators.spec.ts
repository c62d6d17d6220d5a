import { createHash } from 'node:crypto';
import { driveReadings } from '../src/demo/drive-readings.js';
import { REPORT_WINDOWS } from '../src/demo/drive-days.js';
import { FIELDS } from '../src/payments/reading/profile.js';
import { paymentFiles } from '../src/demo/payment-files.js';
import { unitFile, UNITS, unitsOfDrive } from '../src/demo/units.js';
import { isNationalId, isTaxCode, phoneNumber } from '../src/rules/eligibility/identity.js';
import { percentOf, printed } from '../src/rules/scoring/decimal.js';

const readings = driveReadings();
const files = paymentFiles();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the units of the example', () => {
  it('are 11 districts and 111 communes of Bình Phước, by the names of June 2022', () => {
    expect(unitsOfDrive('district')).toHaveLength(11);
    expect(unitsOfDrive('commune')).toHaveLength(111);
    expect(unitsOfDrive('district').map(({ fullName }) => fullName)).toContain('Huyện Chơn Thành');
  });

  it('stand under a parent that is listed', () => {
    const codes = new Set(UNITS.map(({ code }) => code));
    expect(UNITS.filter(({ parent }) => parent !== '' && !codes.has(parent))).toEqual([]);
    expect(unitFile().split('\n')[1]).toBe('70,province,Tỉnh,Tỉnh Bình Phước,,,2025-07-01');
  });
});

describe('the readings of the example', () => {
  const sum = (indicator: string, { from, last }: { from: string; last: string }) =>
    readings
      .filter((one) => one.indicator === indicator && one.from >= from && one.last <= last)
      .reduce(
        ({ numerator, denominator }, one) => ({
          numerator: numerator + one.numerator,
          denominator: denominator + one.denominator,
        }),
        { numerator: 0, denominator: 0 },
      );
  const own = (indicator: string, { from, last }: { from: string; last: string }) => {
    const found = readings.filter(
      (one) => one.indicator === indicator && one.unit === '70' && one.from === from && one.last === last,
    );
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const text = (figure: { numerator: number; denominator: number }, decimals: number) =>
    `${printed(percentOf(figure, decimals) ?? '')}%`;

  it.each([
    ['dich-vu-cap-tinh', 'first', 1, '94,5%'],
    ['dich-vu-cap-tinh', 'second', 2, '95,57%'],
    ['dich-vu-cap-tinh', 'third', 1, '98,1%'],
    ['dich-vu-cap-huyen', 'first', 2, '82,66%'],
    ['dich-vu-cap-huyen', 'second', 2, '83,78%'],
    ['dich-vu-cap-huyen', 'third', 1, '83,5%'],
  ] as const)('%s of the %s window are counted for their level to print with %i decimals %s', (...row) => {
    const [indicator, window, decimals, expected] = row;
    expect(text(own(indicator, REPORT_WINDOWS[window]), decimals)).toBe(expected);
  });

  it.each([
    ['firstAndSecond', '91,69%'],
    ['third', '96,59%'],
  ] as const)('the dossiers of the %s window add up to print %s', (window, expected) =>
    expect(text(sum('ho-so-truc-tuyen', REPORT_WINDOWS[window]), 2)).toBe(expected),
  );

  it('name each cell once, with no numerator above its denominator', () => {
    const cells = readings.map(({ unit, indicator, from, last }) => `${unit} ${indicator} ${from} ${last}`);
    expect(new Set(cells).size).toBe(cells.length);
    expect(readings.filter(({ numerator, denominator }) => numerator < 0 || numerator > denominator)).toEqual(
      [],
    );
  });

  it('never count fewer services since the first day than a day before, nor fewer than within a window', () => {
    const since = readings.filter(
      ({ indicator, from }) => indicator.startsWith('dich-vu') && from === '2022-06-01',
    );
    const counts = new Map(since.map((one) => [`${one.indicator} ${one.unit} ${one.last}`, one.numerator]));
    const before = new Map<string, number>();
    const fallen = since
      .toSorted((a, b) => a.last.localeCompare(b.last))
      .filter(({ indicator, unit, numerator }) => {
        const earlier = before.get(`${indicator} ${unit}`) ?? 0;
        before.set(`${indicator} ${unit}`, numerator);
        return numerator < earlier;
      });
    const within = readings.filter(
      ({ indicator, from }) => indicator.startsWith('dich-vu') && from !== '2022-06-01',
    );
    const above = within.filter(
      (one) => one.numerator > (counts.get(`${one.indicator} ${one.unit} ${one.last}`) ?? -1),
    );
    expect([fallen, above, within.length > 0]).toEqual([[], [], true]);
  });
});

describe('the payments of the example', () => {
  const rows = files.flatMap(({ content }) =>
    content
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => Object.fromEntries(line.split(',').map((cell, at) => [FIELDS[at] ?? '', cell]))),
  );

  it('are at least 20.000 rows, among them repeats, conflicts, reversals and rows outside the programme', () => {
    const total = (field: 'rows' | 'duplicates' | 'conflicts' | 'malformed') =>
      files.reduce((sum, file) => sum + file[field], 0);
    expect(rows).toHaveLength(total('rows'));
    expect(rows.length).toBeGreaterThan(20_000);
    expect(total('duplicates')).toBeGreaterThan(200);
    expect(total('conflicts')).toBeGreaterThan(5);
    expect(total('malformed')).toBe(8 * 12);
    expect(rows.filter(({ reverses }) => reverses !== '').length).toBeGreaterThan(150);
    const days = rows.map(({ paid_at: at = '' }) => at);
    expect(days.some((day) => day < '2022-08-01') && days.some((day) => day.startsWith('2023-04'))).toBe(
      true,
    );
    expect(rows.filter(({ amount }) => amount === '8000').length).toBeGreaterThan(500);
  });

  it('name nobody who could be real: numbers that no office and no network gave out, and that are well formed', () => {
    const outside = rows.filter(
      ({ national_id: id = '', tax_code: code = '', phone = '' }) =>
        !(id === '' || id.startsWith('099')) ||
        !(code === '' || code.startsWith('99')) ||
        !(phone === '' || phone.startsWith('095')),
    );
    expect(outside).toEqual([]);
    const sound = rows.filter(({ source_ref: ref = '' }) => !ref.includes('X') && ref !== '');
    expect(sound.filter((row) => row.national_id && !isNationalId(row.national_id))).toEqual([]);
    expect(sound.filter((row) => row.tax_code && !isTaxCode(row.tax_code))).toEqual([]);
    expect(sound.filter((row) => !phoneNumber(row.phone ?? ''))).toEqual([]);
  });
});

it('the example is the same on every machine and every day', () => {
  const again = JSON.stringify(driveReadings()) === JSON.stringify(readings);
  expect(again && paymentFiles().every(({ content }, at) => content === files[at]?.content)).toBe(true);
  expect({
    units: sha256(unitFile()),
    readings: sha256(JSON.stringify(readings)),
    payments: sha256(files.map(({ content }) => content).join('')),
  }).toMatchInlineSnapshot(`
    {
      "payments": "b2e7b9e63c41cd77fae7de298068b90d101d3128d88a50f08c44a8f0015d0cbc",
      "readings": "baaddf04f3adffe9fdf335c14e479401fb7513084eea8300cbce13eac2b798b4",
      "units": "cbf62f7902a98b846279944ceaf966f377bd5fdfe289486e2a0cb9141c80e016",
    }
  `);
});
