import { taxCode } from '../../rules/eligibility/identity.js';

/** The identity a payer's key stands for, as the rules write it: `cccd:024…`, `mst:0100112437`, `phone:+84…`. */
export function identityOf(key: number): string {
  const digits = Math.floor(key / 4);
  switch (key % 4) {
    case 0:
      return `cccd:${String(digits).padStart(12, '0')}`;
    case 1:
      return `mst:${String(digits).padStart(10, '0')}`;
    case 2:
      return `mst:${taxCode(String(digits).padStart(13, '0'))}`;
    default:
      return `phone:+84${digits}`;
  }
}

const CCCD = Buffer.from('cccd:');
const COUNTRY = Buffer.from('+84');

/** Writes `identityOf` as bytes, for a million of them without a string each; answers where it ends. */
export function writeIdentity(target: Buffer, at: number, key: number): number {
  if (key % 4 !== 0) return at + target.write(identityOf(key), at, 'latin1');
  return writeDigits(target, at + CCCD.copy(target, at), key / 4, 12);
}

/** Writes a phone, kept as its digits after +84, as `+84…`. */
export function writePhone(target: Buffer, at: number, phone: number): number {
  let width = 1;
  for (let left = phone; left >= 10; left = Math.floor(left / 10)) width++;
  return writeDigits(target, at + COUNTRY.copy(target, at), phone, width);
}

/** A whole number of up to twelve digits, in so many, with zeros in front. */
function writeDigits(target: Buffer, at: number, value: number, width: number): number {
  const upper = Math.floor(value / 1e6);
  let half = value - upper * 1e6;
  for (let place = width - 1; place >= 0; place--) {
    if (place === width - 7) half = upper;
    target[at + place] = 48 + (half % 10);
    half = (half / 10) | 0;
  }
  return at + width;
}

/** The key of an identity as the rules write it. */
export function keyOf(identity: string): number {
  const [kind, text = ''] = identity.split(':');
  const digits = Number(text.replace(/^\+84|-/g, ''));
  const place = kind === 'cccd' ? 0 : kind === 'phone' ? 3 : text.includes('-') ? 2 : 1;
  return digits * 4 + place;
}

export function payerKindOf(key: number): 'person' | 'business' {
  return key % 4 === 1 || key % 4 === 2 ? 'business' : 'person';
}
