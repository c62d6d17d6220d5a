import { capacityOf, codeOf, formatFaults, type CodeFormat } from './code.js';

const sequential: CodeFormat = { prefix: '', digits: 5, order: 'sequential', key: [1, 2, 3, 4] };
const shuffled: CodeFormat = { ...sequential, order: 'shuffled', key: [0xdeadbeef, 17, 0xffffffff, 5] };

describe('a lucky code', () => {
  it('is text of fixed width', () => {
    expect(codeOf(1, sequential)).toBe('00001');
    expect(codeOf(40408, { ...sequential, prefix: 'BG' })).toBe('BG40408');
    expect(codeOf(100_000, sequential)).toBe('00000');
  });

  it('ends with the capacity', () => {
    expect(capacityOf(sequential)).toBe(100_000);
    expect(() => codeOf(100_001, sequential)).toThrow(RangeError);
    expect(() => codeOf(0, sequential)).toThrow(RangeError);
  });

  it.each([1, 2, 3, 5])('never repeats when shuffled over %i digits', (digits) => {
    const format = { ...shuffled, digits };
    const codes = new Set<string>();
    for (let number = 1; number <= 10 ** digits; number++) codes.add(codeOf(number, format));
    expect(codes.size).toBe(10 ** digits);
  });

  it('shows no run of neighbours when shuffled, also over twelve digits', () => {
    const codes = Array.from({ length: 1000 }, (_, index) =>
      Number(codeOf(index + 1, { ...shuffled, digits: 12 })),
    );
    const near = codes.filter((code, index) => index > 0 && Math.abs(code - (codes[index - 1] ?? 0)) < 1e6);
    expect(near.length).toBeLessThan(5);
    expect(codes.every((code) => code < 1e12)).toBe(true);
  });

  it('refuses a prefix or a width the protocol cannot carry', () => {
    expect(formatFaults({ prefix: 'bg', digits: 13 })).toEqual(['prefix', 'digits']);
    expect(formatFaults({ prefix: 'BG22', digits: 5 })).toEqual([]);
  });
});
