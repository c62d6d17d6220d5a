import { Messages } from '../src/platform/http/messages.js';
import { findingText } from '../src/platform/http/template-functions.js';
import { wholeNumber } from '../src/platform/http/form.js';
import { amountInWords } from '../src/platform/http/amount-in-words.js';
import { day, moment, money, number, percent, points, signed } from '../src/platform/http/format.js';

describe('figures', () => {
  it.each([
    [25392, undefined, '25.392', '25,392'],
    ['1234.5', undefined, '1.234,5', '1,234.5'],
    ['91.0', undefined, '91,0', '91.0'],
    ['0.005', 2, '0,01', '0.01'],
    ['95.565', 2, '95,57', '95.57'],
    ['99.995', 2, '100,00', '100.00'],
    ['-0.004', 2, '0,00', '0.00'],
    [-1234567, undefined, '−1.234.567', '−1,234,567'],
    [1e-7, undefined, '0,0000001', '0.0000001'],
    ['9007199254740993', undefined, '9.007.199.254.740.993', '9,007,199,254,740,993'],
    [12n, 1, '12,0', '12.0'],
    ['0', undefined, '0', '0'],
  ])('writes %s with %s decimals', (figure, decimals, vi, en) => {
    expect(number(figure, 'vi', decimals)).toBe(vi);
    expect(number(figure, 'en', decimals)).toBe(en);
  });

  it('writes percentages, differences and money as official papers do', () => {
    expect(percent('11.5', 'vi')).toBe('11,5%');
    expect(points('3.51', 'vi')).toBe('+3,51 điểm %');
    expect(signed(0, 'vi', 1)).toBe('0,0');
    expect(signed('-2', 'vi')).toBe('−2');
    expect(money(55_000_000, 'vi')).toBe('55.000.000 đồng');
    expect(money('55000000', 'en')).toBe('55,000,000 VND');
  });

  it('refuses what is not a figure', () => {
    expect(() => number('12,5', 'vi')).toThrow('not a figure');
    expect(() => number(Number.NaN, 'vi')).toThrow('not a figure');
  });
});

describe('days and instants', () => {
  it('pads days below 10 and the months 1 and 2 only', () => {
    expect(day('2022-06-01', 'vi')).toBe('01/6/2022');
    expect(day('2023-02-09', 'vi')).toBe('09/02/2023');
    expect(day('2022-10-31', 'vi')).toBe('31/10/2022');
    expect(day('2022-06-01', 'en')).toBe('1 June 2022');
  });

  it('tells instants in the time of Vietnam whatever the server’s zone', () => {
    expect(moment('2022-05-31T17:30:00Z', 'vi')).toBe('00:30, 01/6/2022');
    expect(moment(new Date('2022-06-01T08:57:05Z'), 'vi', true)).toBe('15:57:05, 01/6/2022');
    expect(moment('2022-06-01T08:57:05Z', 'en')).toBe('1 June 2022, 15:57');
    expect(day(new Date('2022-05-31T17:30:00Z'), 'vi')).toBe('01/6/2022');
  });
});

describe('what was wrong', () => {
  const messages = new Messages();
  const told = (got: unknown, expected: unknown, locale: 'vi' | 'en' = 'vi') =>
    findingText(messages, locale, { code: 'no-such-code', got, expected });
  it('groups the figures of a limit, writes days as days, and leaves what was typed as it was typed', () => {
    expect(told('12345', '≥ 99999')).toContain('≥ 99.999');
    expect(told('12345', '≥ 99999')).toContain('12345');
    expect(told(20_000_000, '≥ 12.5 / 1234 (2022-06-01)', 'en')).toContain('≥ 12.5 / 1,234 (1 June 2022)');
    expect(told(20_000_000, '≥ 12.5', 'vi')).toMatch(/20\.000\.000.*≥ 12,5/);
    expect(told('x', 'unit_code 07333')).toContain('07333');
  });
});

describe('an amount in words', () => {
  it.each([
    [55_000_000, 'Năm mươi lăm triệu đồng', 'Fifty-five million dong'],
    [0, 'Không đồng', 'Zero dong'],
    [21_115, 'Hai mươi mốt nghìn một trăm mười lăm đồng', 'Twenty-one thousand one hundred fifteen dong'],
    [1_005_000, 'Một triệu không trăm linh năm nghìn đồng', 'One million five thousand dong'],
    [2_000_000_010, 'Hai tỷ không trăm mười đồng', 'Two billion ten dong'],
    [85_000_000_000, 'Tám mươi lăm tỷ đồng', 'Eighty-five billion dong'],
    [101, 'Một trăm linh một đồng', 'One hundred one dong'],
  ])('%d', (amount, vi, en) => {
    expect(amountInWords(amount, 'vi')).toBe(vi);
    expect(amountInWords(amount, 'en')).toBe(en);
  });
});

describe('whole numbers in forms', () => {
  it.each([
    ['200000', 200_000],
    ['200.000', 200_000],
    ['1.200.000', 1_200_000],
    ['1,200,000', 1_200_000],
    ['50 000', 50_000],
    ['0', 0],
    ['-3', -3],
  ])('reads %s', (text, value) => expect(wholeNumber(text)).toBe(value));

  it.each(['', '1.5', '1,5', '1.20.000', '1.200,000', '12.0000', 'năm', '5e3'])('refuses “%s”', (text) =>
    expect(wholeNumber(text)).toBeNaN(),
  );
});
