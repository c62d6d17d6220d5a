import type { Locale } from './format.js';

/** Whole đồng in words, as official papers print them: `Năm mươi lăm triệu đồng`. */
export function amountInWords(amount: string | number | bigint, locale: Locale): string {
  const value = BigInt(amount);
  if (value < 0n) throw new RangeError('an amount in words is not negative');
  const words = locale === 'vi' ? `${vietnamese(value)} đồng` : `${english(value)} dong`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const VI_DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];

function vietnamese(value: bigint): string {
  if (value === 0n) return 'không';
  const billions = value / 1_000_000_000n;
  const rest = value % 1_000_000_000n;
  const head = billions > 0n ? `${vietnamese(billions)} tỷ` : '';
  const groups = [rest / 1_000_000n, (rest / 1000n) % 1000n, rest % 1000n].map(Number);
  const said = groups.map((group, at) => {
    const leading = head === '' && groups.slice(0, at).every((before) => before === 0);
    return group === 0
      ? ''
      : `${vietnameseHundreds(group, leading)}${['\u00a0triệu', '\u00a0nghìn', ''][at]}`;
  });
  return [head, ...said].filter(Boolean).join(' ').replaceAll('\u00a0', ' ');
}

function vietnameseHundreds(group: number, leading: boolean): string {
  const [hundreds, tens, units] = [Math.floor(group / 100), Math.floor(group / 10) % 10, group % 10];
  const said: string[] = [];
  if (hundreds > 0 || !leading) said.push(VI_DIGITS[hundreds]!, 'trăm');
  if (tens === 0 && units > 0 && said.length > 0) said.push('linh');
  if (tens === 1) said.push('mười');
  if (tens > 1) said.push(VI_DIGITS[tens]!, 'mươi');
  if (units > 0) said.push(vietnameseUnit(units, tens));
  return said.join(' ');
}

function vietnameseUnit(units: number, tens: number): string {
  if (units === 1 && tens > 1) return 'mốt';
  if (units === 5 && tens > 0) return 'lăm';
  return VI_DIGITS[units]!;
}

const EN_SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const EN_TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const EN_GROUPS: [bigint, string][] = [
  [1_000_000_000_000n, 'trillion'],
  [1_000_000_000n, 'billion'],
  [1_000_000n, 'million'],
  [1000n, 'thousand'],
];

function english(value: bigint): string {
  for (const [size, name] of EN_GROUPS) {
    if (value < size) continue;
    const rest = value % size;
    return `${english(value / size)} ${name}${rest > 0n ? ` ${english(rest)}` : ''}`;
  }
  const n = Number(value);
  if (n < 20) return EN_SMALL[n]!;
  if (n < 100) return `${EN_TENS[Math.floor(n / 10) - 2]}${n % 10 ? `-${EN_SMALL[n % 10]}` : ''}`;
  return `${EN_SMALL[Math.floor(n / 100)]} hundred${n % 100 ? ` ${english(BigInt(n % 100))}` : ''}`;
}
