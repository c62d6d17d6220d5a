import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Clock } from '../platform/clock.js';
import { verifySignature } from '../platform/crypto/ed25519.js';
import { InputError } from '../platform/http/input-error.js';

export interface DigestWord {
  readonly source: string;
  readonly day: string;
  readonly count: number;
  readonly amount: number;
  /** 64 hex digits, or empty. */
  readonly fileHash: string;
}

/** What a partner says of a day: by its officer, or by program under its Ed25519 key. A later word replaces an earlier one, and both stay. */
@Injectable()
export class Digests {
  constructor(
    private readonly journal: Journal,
    private readonly clock: Clock,
  ) {}

  async say(
    tx: EntityManager,
    promotionId: number,
    word: DigestWord,
    by: { officerId: number } | { signature: Buffer },
  ): Promise<void> {
    demandForm(word);
    const signature = 'signature' in by ? by.signature : null;
    const sourceId = await sourceOf(tx, word, signature);
    await tx.query('select from promotion where id = $1 for no key update', [promotionId]);
    await tx.query(
      `insert into digest (promotion_id, source_id, day, revision, count, amount, file_sha256, signature, sent_by, received_at)
       select $1, $2, $3, coalesce(max(revision), 0) + 1, $4, $5, decode(nullif($6, ''), 'hex'), $7, $8, $9
       from digest where promotion_id = $1 and source_id = $2 and day = $3`,
      [
        promotionId,
        sourceId,
        word.day,
        word.count,
        word.amount,
        word.fileHash,
        signature,
        'officerId' in by ? by.officerId : null,
        this.clock.now(),
      ],
    );
    await this.journal.record(tx, {
      officer: 'officerId' in by ? by.officerId : null,
      act: 'digest.received',
      subject: `promotion/${promotionId}`,
      facts: { ...word, signed: signature !== null },
    });
  }
}

/** The text that a partner's program signs. */
export function digestText({ source, day, count, amount, fileHash }: DigestWord): string {
  return `thidua digest/1\nsource ${source}\nday ${day}\ncount ${count}\namount ${amount}\nfile ${fileHash || '-'}\n`;
}

function demandForm({ day, count, amount, fileHash }: DigestWord): void {
  const findings = [
    { field: 'day', sound: /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) },
    { field: 'count', sound: Number.isSafeInteger(count) && count >= 0 && count < 2 ** 31 },
    { field: 'amount', sound: Number.isSafeInteger(amount) },
    { field: 'fileHash', sound: fileHash === '' || /^[0-9a-f]{64}$/.test(fileHash) },
  ].filter(({ sound }) => !sound);
  if (findings.length > 0)
    throw new InputError(findings.map(({ field }) => ({ field, code: `payments.faults.digest.${field}` })));
}

/** The source that speaks, when its signature is right or an officer speaks for it. */
async function sourceOf(tx: EntityManager, word: DigestWord, signature: Buffer | null): Promise<number> {
  const [source] = await tx.query<{ id: number; digest_key: Buffer | null }[]>(
    'select id, digest_key from payment_source where code = $1',
    [word.source],
  );
  if (!source) throw new InputError([{ field: 'source', code: 'payments.faults.source', got: word.source }]);
  if (
    signature &&
    !(source.digest_key && verifySignature(source.digest_key, Buffer.from(digestText(word)), signature))
  )
    throw new InputError([{ field: 'signature', code: 'payments.faults.signature' }]);
  return source.id;
}
