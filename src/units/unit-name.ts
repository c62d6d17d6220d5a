/** Tone marks of Vietnamese: grave, acute, tilde, hook above, dot below. Other marks make another letter. */
const TONE = /[\u0300\u0301\u0303\u0309\u0323]/g;
const MARKS = /\p{M}/gu;

/** Words that stand in front of a unit's name, the longer ones first, with the short forms people type. */
const TYPES: [type: string, short: RegExp | null][] = [
  ['Thành phố', /^(tp|t\.p)[. ]\s*/i],
  ['Thị trấn', /^(tt|t\.t)[. ]\s*/i],
  ['Thị xã', /^(tx|t\.x)[. ]\s*/i],
  ['Đặc khu', /^đk[. ]\s*/i],
  ['Phường', /^p[. ]\s*/i],
  ['Huyện', /^h[. ]\s*/i],
  ['Quận', /^q[. ]\s*/i],
  ['Tỉnh', /^t\.\s*/i],
  ['Xã', /^x[. ]\s*/i],
];

const squeezed = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[’‘`´ʼ]/g, "'")
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/\s*-\s*/g, ' - ')
    .replace(/\s+/g, ' ')
    .trim();

/** "Phường 06" and "Phường 6" are one ward; so are Hòa and Hoà, Thủy and Thuỷ: the tone moves to the word's end. */
const evened = (word: string) => {
  const spread = word.normalize('NFD');
  const tones = spread.match(TONE) ?? [];
  return spread.replace(TONE, '').normalize('NFC') + tones.join('');
};

/** The name for exact matching: case, spaces, dashes, apostrophes, tone placement and leading zeros evened out. */
export function nameKey(name: string): string {
  return squeezed(name)
    .toLowerCase()
    .split(' ')
    .map((word) => evened(word.replace(/^0+(?=\d)/, '')))
    .join(' ');
}

/** The name for searching: without any marks, đ as d, in small letters: "tan yen". */
export function folded(name: string): string {
  return nameKey(name).normalize('NFD').replace(MARKS, '').replace(/đ/g, 'd');
}

/** "TX. Chơn Thành" as it would stand in a list: "Thị xã Chơn Thành". */
export function spelledOut(name: string): string {
  const text = squeezed(name);
  for (const [type, short] of TYPES) if (short?.test(text)) return `${type} ${text.replace(short, '')}`;
  return text;
}

/** "Xã Tân Tiến" → "Tân Tiến"; a name without such a word in front stays as it is. */
export function bareName(fullName: string): string {
  const text = squeezed(fullName);
  const type = TYPES.map(([word]) => word).find((word) => nameKey(text).startsWith(`${nameKey(word)} `));
  return type ? text.slice(type.length + 1) : text;
}
