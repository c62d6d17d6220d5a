/** Personal number (số định danh / CCCD): twelve digits, no check digit exists. */
export function isNationalId(text: string): boolean {
  return /^\d{12}$/.test(text) && text !== '000000000000';
}

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/**
 * Tax code (MST): ten digits, or thirteen as `0314409058-002`. The tenth is 10 − (weighted sum mod 11); a sum that
 * divides by 11 gives no valid code, digits three to nine are not all zero, a suffix is not 000.
 */
export function isTaxCode(text: string): boolean {
  const found = /^(\d{10})(?:-?(\d{3}))?$/.exec(text);
  if (!found?.[1] || found[2] === '000') return false;
  const digits = found[1];
  if (digits.slice(2, 9) === '0000000') return false;
  const rest = WEIGHTS.reduce((sum, weight, position) => sum + weight * Number(digits[position]), 0) % 11;
  return rest !== 0 && 10 - rest === Number(digits[9]);
}

/** One spelling per tax code: ten digits, or ten, a dash and three. Precondition: `isTaxCode`. */
export function taxCode(text: string): string {
  const digits = text.replace('-', '');
  return digits.length === 13 ? `${digits.slice(0, 10)}-${digits.slice(10)}` : digits;
}

/**
 * A Vietnamese phone number as `+84…`, or null. Takes `+84`, `0084`, `84` and `0` in front, spaces, dots, dashes and
 * brackets between. Mobile numbers have nine digits after it and begin with 3, 5, 7, 8 or 9, landlines ten from 2.
 */
export function phoneNumber(text: string): string | null {
  const digits = text.replace(/[\s.()-]/g, '');
  const found = /^(?:\+84|0084|84|0)([35789]\d{8}|2\d{9})$/.exec(digits);
  return found?.[1] ? `+84${found[1]}` : null;
}

/**
 * Who holds the code: the personal number when there is one, else the tax code, else the phone. One person with one
 * personal number is one holder however the phone is spelled. A twelve-digit tax code is a personal number
 * (since 01/7/2025 persons file tax under it).
 */
export function holderIdentity(payer: {
  nationalId?: string;
  taxCode?: string;
  phone?: string;
}): string | null {
  if (payer.nationalId) return `cccd:${payer.nationalId}`;
  if (payer.taxCode)
    return isNationalId(payer.taxCode) ? `cccd:${payer.taxCode}` : `mst:${taxCode(payer.taxCode)}`;
  return payer.phone ? `phone:${payer.phone}` : null;
}
