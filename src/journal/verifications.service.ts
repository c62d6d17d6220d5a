import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Journal } from './journal.service.js';
import type { JournalRow } from './journal.queries.js';
import { hashOf } from './link.js';
import { type Verification, verifyJournal } from './verification.js';

/** Checks of the chain done from the pages; each is an act of its own. */
@Injectable()
export class Verifications {
  constructor(
    private readonly db: DataSource,
    private readonly journal: Journal,
  ) {}

  async run(officer: number): Promise<Verification> {
    const verification = await verifyJournal(this.db);
    const { entries, head, findings } = verification;
    await this.db.transaction((tx) =>
      this.journal.record(tx, {
        officer,
        act: 'journal.verified',
        subject: 'journal',
        facts: { entries, head, findings: findings.length },
      }),
    );
    return verification;
  }

  async last(): Promise<{ at: Date; entries: number; findings: number } | undefined> {
    const [row] = await this.db.query<{ at: Date; entries: number; findings: number }[]>(
      `select at, (facts ->> 'entries')::int as entries, (facts ->> 'findings')::int as findings
       from journal_entry where act = 'journal.verified' order by id desc limit 1`,
    );
    return row;
  }

  /** Does this one entry hash to what it says? */
  isWhole({ previousHash, hash, ...entry }: JournalRow): boolean {
    const own = hashOf({ ...entry, id: Number(entry.id) }, Buffer.from(previousHash, 'hex'));
    return own.toString('hex') === hash;
  }
}
