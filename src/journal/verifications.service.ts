import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../platform/clock.js';
import { Signer } from '../platform/crypto/ed25519.js';
import { checkpointNote, holdsCheckpoint, readCheckpoint } from './checkpoint.js';
import { Journal } from './journal.service.js';
import type { JournalRow } from './journal.queries.js';
import { hashOf } from './link.js';
import { type Finding, type Verification, verifyJournal } from './verification.js';

/** Checks of the chain, and what the operator signed about it. */
@Injectable()
export class Verifications {
  constructor(
    private readonly db: DataSource,
    private readonly journal: Journal,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  /** Walks the chain and holds it against every checkpoint: those kept here, and one that was kept elsewhere. */
  async check(progress?: (checked: number) => void, kept?: string): Promise<Verification> {
    const verification = await verifyJournal(this.db, progress);
    const notes = await this.db.query<{ size: number; note: string }[]>(
      `select size, note from journal_checkpoint order by size`,
    );
    const findings = [...verification.findings];
    for (const { size, note } of notes) findings.push(...(await this.against(note, Number(size))));
    if (kept !== undefined) findings.push(...(await this.against(kept, 0)));
    return { ...verification, findings };
  }

  /** As an act of its own: who checked, and what came out. A whole chain gets a signed checkpoint. */
  async run(officer: number): Promise<Verification & { checkpoint?: string }> {
    const verification = await this.check();
    const { entries, head, findings } = verification;
    const checkpoint = findings.length === 0 && entries > 0 ? await this.sign(entries, head) : undefined;
    await this.db.transaction((tx) =>
      this.journal.record(tx, {
        officer,
        act: 'journal.verified',
        subject: 'journal',
        facts: { entries, head, findings: findings.length },
      }),
    );
    return { ...verification, checkpoint };
  }

  /** Signs where the journal ends; the same end is signed once. @returns the note, to be kept elsewhere. */
  async sign(size: number, head: string): Promise<string> {
    const hash = Buffer.from(head, 'hex');
    const note = checkpointNote({ size, hash }, this.signer);
    await this.db.query(
      `insert into journal_checkpoint (size, hash, at, note) values ($1, $2, $3, $4) on conflict do nothing`,
      [size, hash, this.clock.now(), note],
    );
    return note;
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

  private async against(note: string, size: number): Promise<Finding[]> {
    const checkpoint = readCheckpoint(note, this.signer);
    if (checkpoint && (await holdsCheckpoint(this.db.manager, checkpoint))) return [];
    return [{ code: 'checkpoint', id: checkpoint?.size ?? size }];
  }
}
