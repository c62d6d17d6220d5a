/** How numbers, days, instants and money are written. Figures are taken as they are: no binary rounding. */
export type Locale = 'vi' | 'en';
export type Figure = string | number | bigint;

const SEPARATORS = { vi: { group: '.', point: ',' }, en: { group: ',', point: '.' } };
const MINUS = '−';
/** Made once: to make one costs fifty times what it does. */
const PLAIN = new Intl.NumberFormat('en-US', { useGrouping: false, maximumFractionDigits: 12 });
const ZONE = 'Asia/Ho_Chi_Minh';

/** `25.392`, `95,57`; with `decimals`, exactly so many (half up on the exact figure), trailing zeros kept. */
export function number(figure: Figure, locale: Locale, decimals?: number): string {
  const { negative, whole, fraction } = decimals === undefined ? parts(figure) : rounded(figure, decimals);
  const { group, point } = SEPARATORS[locale];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const zero = !/[1-9]/.test(whole + fraction);
  return `${negative && !zero ? MINUS : ''}${grouped}${fraction ? point + fraction : ''}`;
}

/** A figure that is a percentage already: `percent('11.5')` is `11,5%`. */
export function percent(figure: Figure, locale: Locale, decimals?: number): string {
  return `${number(figure, locale, decimals)}%`;
}

/** With its sign, as differences are printed: `+3,51`, `−2`, `0`. */
export function signed(figure: Figure, locale: Locale, decimals?: number): string {
  const text = number(figure, locale, decimals);
  return text.startsWith(MINUS) || !/[1-9]/.test(text) ? text : `+${text}`;
}

/** A difference between two percentages: `+3,51 điểm %`. */
export function points(figure: Figure, locale: Locale, decimals?: number): string {
  return `${signed(figure, locale, decimals)}${locale === 'vi' ? ' điểm %' : ' points'}`;
}

export function money(amount: Figure, locale: Locale): string {
  return locale === 'vi' ? `${number(amount, 'vi')} đồng` : `${number(amount, 'en')} VND`;
}

/** A calendar day `2022-06-01`: `01/6/2022` (days below 10 and months 1 and 2 padded), `1 June 2022`. */
export function day(date: string | Date, locale: Locale): string {
  const [year, month, dayOfMonth] = localDay(date);
  if (locale === 'en') return `${dayOfMonth} ${ENGLISH_MONTHS[month - 1]} ${year}`;
  return `${pad(dayOfMonth)}/${month < 3 ? pad(month) : month}/${year}`;
}

/** An instant in Vietnam's time: `15:57, 01/6/2022`. */
export function moment(instant: string | Date, locale: Locale, seconds = false): string {
  const time = clockTime(instant, seconds);
  return locale === 'en'
    ? `${day(asDate(instant), 'en')}, ${time}`
    : `${time}, ${day(asDate(instant), 'vi')}`;
}

export function clockTime(instant: string | Date, seconds = false): string {
  const local = shifted(asDate(instant)).toISOString();
  return local.slice(11, seconds ? 19 : 16);
}

/** The calendar day in Vietnam of an instant, as `2022-06-01`. */
export function localDate(instant: Date): string {
  return shifted(instant).toISOString().slice(0, 10);
}

export const zone = ZONE;

const ENGLISH_MONTHS =
  'January February March April May June July August September October November December'.split(' ');
const pad = (n: number) => String(n).padStart(2, '0');
const asDate = (instant: string | Date) => (typeof instant === 'string' ? new Date(instant) : instant);
/** Vietnam keeps UTC+7 all year, since 1975. */
const shifted = (instant: Date) => new Date(instant.getTime() + 7 * 3_600_000);

function localDay(date: string | Date): [number, number, number] {
  const text = typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : localDate(asDate(date));
  const [year, month, dayOfMonth] = text.split('-').map(Number);
  return [year!, month!, dayOfMonth!];
}

function parts(figure: Figure): { negative: boolean; whole: string; fraction: string } {
  const text =
    typeof figure === 'number' && !Number.isSafeInteger(figure)
      ? PLAIN.format(figure)
      : String(figure).trim();
  const match = /^([-−+]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a figure: ${text}`);
  return {
    negative: match[1] === '-' || match[1] === MINUS,
    whole: match[2]!.replace(/^0+(?=\d)/, ''),
    fraction: match[3] ?? '',
  };
}

function rounded(figure: Figure, decimals: number): { negative: boolean; whole: string; fraction: string } {
  const { negative, whole, fraction } = parts(figure);
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const up = (fraction[decimals] ?? '0') >= '5' ? 1n : 0n;
  const digits = String(kept + up).padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  return { negative, whole: digits.slice(0, cut), fraction: digits.slice(cut) };
}
