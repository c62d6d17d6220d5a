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
