import * as fc from 'fast-check';
import { decimalOf, millionths, percentOf, printed, quotientOf, roundedTo } from './decimal.js';
import { trendOf, trendsOf } from './trend.js';

const rate = (numerator: number, denominator: number) => ({ numerator, denominator });

describe('percentages as the documents print them', () => {
  // Hà Tĩnh, report of 6 months 2021; Bình Phước, report of the 92-day drive; Bắc Kạn, Bắc Giang.
  it.each([
    [25_392, 220_782, 1, '11,5'],
    [25_392, 220_782, 2, '11,50'],
    [329, 2_030, 0, '16'],
    [329, 2_030, 1, '16,2'],
    [108, 108, 0, '100'],
    [25, 25, 0, '100'],
    [61, 67, 1, '91,0'],
    [52, 55, 1, '94,5'],
    [151, 158, 2, '95,57'],
    [51, 52, 1, '98,1'],
    [143, 240, 2, '59,58'],
    [66, 79, 1, '83,5'],
  ])('%i / %i with %i places is %s', (numerator, denominator, decimals, text) =>
    expect(printed(percentOf(rate(numerator, denominator), decimals) ?? '')).toBe(text),
  );

  it('rounds the exact half up, where a binary fraction would fall below it', () => {
    // 1,005 % is 1.00499999999999989… in binary
    expect(percentOf(rate(1_005, 100_000), 2)).toBe('1.01');
    expect(percentOf(rate(1, 200), 0)).toBe('1');
  });

  it('is nothing where there are no cases', () => expect(percentOf(rate(0, 0), 1)).toBeNull());

  it('annualises as DHIS2 does: 24 / 12 × 36500 / 182', () => {
    // dhis2-core 3f8c14a, ExpressionServiceTest: 401.1; the factor alone 200.55
    expect(quotientOf(rate(24 * 36_500, 12 * 182), 2)).toBe('401.10');
    expect(quotientOf(rate(36_500, 182), 2)).toBe('200.55');
  });
});

describe('numbers', () => {
  it.each([
    ['25392', 'vi', '25.392'],
    ['220782', 'vi', '220.782'],
    ['55000000', 'vi', '55.000.000'],
    ['1579', 'en', '1,579'],
    ['-1234.50', 'vi', '-1.234,50'],
    ['711', 'vi', '711'],
  ] as const)('%s in %s is %s', (text, locale, expected) => expect(printed(text, locale)).toBe(expected));

  it('reads and prints millionths without loss', () =>
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (value) => {
        expect(millionths(decimalOf(value, 6))).toBe(value);
      }),
    ));

  it('publishes 12,66 of 15 points as it was given', () => {
    expect(printed(decimalOf(millionths('12.66'), 2))).toBe('12,66');
    expect(percentOf(rate(millionths('12.66'), millionths('15')), 1)).toBe('84.4');
  });

  it.each(['', '1,5', '1.1234567', 'abc', '1e3', '--1'])('refuses %p as a decimal', (text) =>
    expect(() => millionths(text)).toThrow(RangeError),
  );

  it('rounds 0,5 of the last place up, and −0,5 away from zero', () => {
    expect(roundedTo(82_125_000, 2)).toBe(82_130_000);
    expect(roundedTo(-5_000, 2)).toBe(-10_000);
  });
});

describe('trends', () => {
  it('says what the interim report of the 92-day drive says', () => {
    expect(trendsOf(['91.0', '94.5', '95.57', '98.1']).map(({ points }) => points)).toEqual([
      '3.5',
      '1.07',
      '2.53',
    ]);
    const districts = trendsOf(['59.58', '82.66', '83.78', '83.5']);
    expect(districts.map(({ points }) => points)).toEqual(['23.08', '1.12', '-0.28']);
    expect(districts.map(({ direction }) => direction)).toEqual(['up', 'up', 'down']);
    expect(trendsOf(['82.89', '91.69', '96.59']).map(({ points }) => points)).toEqual(['8.80', '4.90']);
  });

  it('stays when nothing moved, however many places are printed', () =>
    expect(trendOf('83.5', '83.50')).toEqual({
      from: '83.5',
      to: '83.50',
      points: '0.00',
      direction: 'same',
    }));
});
