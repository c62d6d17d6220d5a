import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { hashOf } from './link.js';

export interface Act {
  /** Null when the program itself acts, by a timer or at first start. */
  officer: number | null;
  /** What was done, `feature.participle`: `draw.frozen`, `payments.imported`. */
  act: string;
  /** What it was done to, as a path: `draw/bac-giang-2022/ky-2`. */
  subject: string;
  /** Figures and hashes; never a name, a telephone number or an address. */
  facts?: Record<string, unknown>;
}

interface Head {
  size: string;
  hash: Buffer;
}

/** Official acts, each written in the transaction that does it, each chained to the one before. */
@Injectable()
export class Journal {
  constructor(private readonly clock: Clock) {}

  /**
   * Appends an entry. From here to the end of `tx` all other acts wait, so record last: what comes after
   * this call delays everybody, and rows locked after it can lock two acts into each other.
   * @returns the number of the entry.
   */
  async record(tx: EntityManager, { officer, act, subject, facts = {} }: Act): Promise<number> {
    const plain = JSON.parse(JSON.stringify(facts)) as Record<string, unknown>;
    const [head] = await tx.query<Head[]>('select size, hash from journal_head for update');
    if (!head) throw new Error('the journal has no head');
    const entry = {
      id: Number(head.size) + 1,
      at: this.clock.now(),
      officerId: officer,
      act,
      subject,
      facts: plain,
    };
    await tx.query(
      `insert into journal_entry (id, at, officer_id, act, subject, facts, previous_hash, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [entry.id, entry.at, officer, act, subject, JSON.stringify(plain), head.hash, hashOf(entry, head.hash)],
    );
    return entry.id;
  }
}
