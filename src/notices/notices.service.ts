import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Signer, verifySignature } from '../platform/crypto/ed25519.js';

/** No O and 0, no I and 1: it is read out on the telephone. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export interface NewNotice {
  readonly kind: 'winner';
  /** What it is about, as a path: `winner/12`. */
  readonly subject: string;
  /** What the public page shows, without a name, a number of a person or a telephone. */
  readonly bodyVi: string;
  readonly bodyEn: string;
}

export interface Notice extends NewNotice {
  readonly code: string;
  readonly issuedAt: Date;
  readonly withdrawnAt: Date | null;
  /** The words and the time are those that were signed. */
  readonly genuine: boolean;
}

/** Messages that we really sent: each carries a code, and the public page says what was sent under it. */
@Injectable()
export class Notices {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly signer: Signer,
  ) {}

  /** @returns the code that goes onto the message. */
  async issue(tx: EntityManager, notice: NewNotice, officerId: number): Promise<string> {
    const code = freshCode();
    const at = this.clock.now();
    const { kind, subject, bodyVi, bodyEn } = notice;
    const signature = Buffer.from(this.signer.sign(signed(code, notice, at)));
    await tx.query(
      `insert into notice (code, kind, subject, body_vi, body_en, signature, issued_at, issued_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [code, kind, subject, bodyVi, bodyEn, signature, at, officerId],
    );
    return code;
  }

  /** @returns whether there was such a notice, not withdrawn before. */
  async withdraw(
    tx: EntityManager,
    { code, subject }: { code: string; subject: string },
    officerId: number,
  ): Promise<boolean> {
    const [, count] = await tx.query<[unknown[], number]>(
      `update notice set withdrawn_at = $3, withdrawn_by = $4 where code = $1 and subject = $2 and withdrawn_at is null`,
      [code, subject, this.clock.now(), officerId],
    );
    return count > 0;
  }

  async find(text: string): Promise<Notice | undefined> {
    const code = codeIn(text);
    if (!code) return undefined;
    const [row] = await this.db.query<(Omit<Notice, 'genuine'> & { signature: Buffer })[]>(
      `select code, kind, subject, body_vi as "bodyVi", body_en as "bodyEn", signature, issued_at as "issuedAt",
              withdrawn_at as "withdrawnAt" from notice where code = $1`,
      [code],
    );
    if (!row) return undefined;
    const { signature, ...notice } = row;
    const genuine = verifySignature(this.signer.publicKey, signed(code, notice, notice.issuedAt), signature);
    return { ...notice, genuine };
  }
}

/** What somebody typed or heard, as a code; undefined when it cannot be one. */
export function codeIn(text: string): string | undefined {
  const letters = text.toUpperCase().replace(/[\s-]/g, '');
  if (letters.length !== 12 || [...letters].some((letter) => !ALPHABET.includes(letter))) return undefined;
  return inFours(letters);
}

const inFours = (letters: string) => `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
const freshCode = () =>
  inFours(Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''));

const signed = (code: string, { kind, bodyVi, bodyEn }: NewNotice, at: Date) =>
  Buffer.from(['thidua notice/1', code, kind, at.toISOString(), bodyVi, bodyEn, ''].join('\n'));
