import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** What the hash of an entry covers: everything that is in it, and with `previous` everything before it. */
export interface Entry {
  id: number;
  at: Date;
  officerId: number | null;
  act: string;
  subject: string;
  facts: Record<string, unknown>;
}

/** What the first entry continues. */
export const START = Buffer.alloc(32);

/** SHA-256 over the canonical JSON (RFC 8785) of the entry and the hash before it, in hex. */
export function hashOf(entry: Entry, previous: Buffer): Buffer {
  const { id, at, officerId, act, subject, facts } = entry;
  const text = canonicalize({
    act,
    at: at.toISOString(),
    facts,
    id,
    officer: officerId,
    previous: previous.toString('hex'),
    subject,
  });
  return createHash('sha256').update(String(text), 'utf8').digest();
}
