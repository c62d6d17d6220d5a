import { MILLION, quotient, quotientBig, type Fraction } from './fraction.js';

/**
 * Decimal text as the documents print it: rounded half-up on the exact quotient, trailing zeros kept (`91.0`).
 * Text leaves here with a decimal point; `printed` turns it into the Vietnamese `25.392` and `11,5`.
 */
export type Decimal = string;

/** The share `numerator / denominator` in percent with `decimals` places; `null` where there are no cases. */
export function percentOf({ numerator, denominator }: Fraction, decimals: number): Decimal | null {
  if (denominator === 0) return null;
  const scaled = quotientBig(BigInt(numerator) * 100n * 10n ** BigInt(decimals), BigInt(denominator));
  return pointed(scaled, decimals);
}

/** The plain quotient with `decimals` places; `null` where there are no cases. */
export function quotientOf({ numerator, denominator }: Fraction, decimals: number): Decimal | null {
  if (denominator === 0) return null;
  return pointed(quotientBig(BigInt(numerator) * 10n ** BigInt(decimals), BigInt(denominator)), decimals);
}

/** Whole millionths as decimal text; more than six places are not there to be printed. */
export function decimalOf(value: number, decimals: number): Decimal {
  return pointed(BigInt(roundedTo(value, decimals)) / 10n ** BigInt(6 - decimals), decimals);
}

/** Millionths rounded half-up to `decimals` places, still in millionths: what is published is what is ranked. */
export function roundedTo(value: number, decimals: number): number {
  const unit = UNITS[decimals];
  if (unit === undefined) throw new RangeError(`decimals must be 0 to 6, not ${decimals}`);
  return quotient(value, unit) * unit;
}

const UNITS = [MILLION, 100_000, 10_000, 1_000, 100, 10, 1];

/** Whole millionths of plain decimal text (`12.66` → 12 660 000). Throws on anything else or on a seventh place. */
export function millionths(text: Decimal): number {
  const match = /^(-?)(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal number with at most six places: ${text}`);
  const [, sign, whole, places = ''] = match;
  const value = Number(whole) * MILLION + Number(places.padEnd(6, '0'));
  return sign && value !== 0 ? -value : value;
}

/** The Vietnamese or English print of decimal text: `25392` → `25.392`, `11.5` → `11,5`. */
export function printed(text: Decimal, locale: 'vi' | 'en' = 'vi'): string {
  const [thousands, point] = locale === 'vi' ? ['.', ','] : [',', '.'];
  const [whole = '', places] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, thousands);
  return places === undefined ? grouped : grouped + point + places;
}

function pointed(scaled: bigint, decimals: number): Decimal {
  const sign = scaled < 0n ? '-' : '';
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
