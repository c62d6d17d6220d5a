import type { DataSource, EntityManager } from 'typeorm';
import { type Entry, hashOf, START } from './link.js';

/**
 * `changed`: the entry does not hash to what it says. `parted`: it does not continue the entry before it.
 * `missing`: numbers are left out before it. `head`: the journal ends elsewhere than its head says.
 * `checkpoint`: a signed checkpoint says otherwise.
 */
export type FindingCode = 'changed' | 'parted' | 'missing' | 'head' | 'checkpoint';
export interface Finding {
  code: FindingCode;
  id: number;
}

export interface Verification {
  entries: number;
  head: string;
  findings: Finding[];
}

interface Row extends Omit<Entry, 'id'> {
  id: string;
  previous: Buffer;
  hash: Buffer;
}

interface Walk {
  last: Buffer;
  id: number;
  findings: Finding[];
}

const PAGE = 2_000;
const MOST_FINDINGS = 100;

/** Walks the whole chain in one snapshot, page by page, so memory stays flat however long the journal is. */
export async function verifyJournal(
  db: DataSource,
  progress: (checked: number, size: number) => void = () => {},
): Promise<Verification> {
  return db.transaction('REPEATABLE READ', async (tx) => {
    const [head] = await tx.query<{ size: string; hash: Buffer }[]>('select size, hash from journal_head');
    const size = Number(head?.size ?? 0);
    const walk: Walk = { last: START, id: 0, findings: [] };
    for (let rows = await pageAfter(tx, 0); rows.length > 0; rows = await pageAfter(tx, walk.id)) {
      for (const row of rows) {
        walk.findings.push(...faultsOf(row, walk.id, walk.last));
        walk.id = Number(row.id);
        walk.last = row.hash;
      }
      progress(walk.id, size);
      if (walk.findings.length >= MOST_FINDINGS) break;
    }
    if (walk.findings.length < MOST_FINDINGS && (walk.id !== size || !head?.hash.equals(walk.last)))
      walk.findings.push({ code: 'head', id: size });
    return { entries: walk.id, head: walk.last.toString('hex'), findings: walk.findings };
  });
}

function pageAfter(tx: EntityManager, id: number): Promise<Row[]> {
  return tx.query<Row[]>(
    `select id, at, officer_id as "officerId", act, subject, facts, previous_hash as previous, hash
     from journal_entry where id > $1 order by id limit ${PAGE}`,
    [id],
  );
}

function faultsOf(row: Row, before: number, last: Buffer): Finding[] {
  const id = Number(row.id);
  const faults: Finding[] = [];
  if (id !== before + 1) faults.push({ code: 'missing', id });
  if (!row.previous.equals(last)) faults.push({ code: 'parted', id });
  if (!hashOf({ ...row, id }, row.previous).equals(row.hash)) faults.push({ code: 'changed', id });
  return faults;
}
