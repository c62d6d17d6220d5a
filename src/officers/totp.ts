import { randomBytes } from 'node:crypto';
import { generateSecret, generateURI, verifySync } from 'otplib';

const PERIOD = 30;

export const freshTotpSecret = () => generateSecret({ length: 20 });

/** What the QR code holds. */
export const totpUri = (secret: string, login: string, issuer: string) =>
  generateURI({ issuer, label: login, secret });

/**
 * The time step this code belongs to: the current one, the one before or the one after, and later than `after`,
 * the last step that was accepted. Null when the code fits none.
 */
export function totpStep(secret: string, code: string, now: Date, after: number): number | null {
  const token = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(token)) return null;
  const current = Math.floor(now.getTime() / 1000 / PERIOD);
  for (const step of [current - 1, current, current + 1]) {
    if (step > after && verifySync({ secret, token, epoch: step * PERIOD }).valid) return step;
  }
  return null;
}

/** Ten codes of 50 bits for the day the telephone is lost, in letters that cannot be mistaken for each other. */
export function freshRecoveryCodes(): string[] {
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
  const letter = (byte: number) => alphabet[byte % alphabet.length] ?? '';
  return Array.from({ length: 10 }, () => {
    const text = [...randomBytes(10)].map(letter).join('');
    return `${text.slice(0, 5)}-${text.slice(5)}`;
  });
}

/** As people type it: with or without the hyphen, in capitals or not. */
export const writtenRecoveryCode = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '');
