import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits for a cookie or a link. The database keeps only `digest` of it. */
export const freshSecret = () => randomBytes(32).toString('base64url');

export const digest = (secret: string) => createHash('sha256').update(secret, 'utf8').digest();

export const same = (a: Buffer, b: Buffer) => a.length === b.length && timingSafeEqual(a, b);
