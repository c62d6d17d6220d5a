import { CANONICAL } from './canonical.js';
import { Dictionary } from './dictionary.js';
import type { Finding } from './finding.js';
import { FIELDS, type Field, type Profile } from './profile.js';
import { RowReader } from './row-reader.js';
import { Scanner } from './scanner.js';
import { STATUSES, type Status } from './status.js';

/** One row read again from its cells, in our order of fields. */
export interface ReadRow {
  readonly findings: readonly Finding[];
  readonly payerKey: number;
  readonly phone: string;
  readonly name: string;
  readonly amount: number;
  readonly paidAt: number;
  readonly status: Status;
  readonly reverses: string | null;
  readonly dossier: string | null;
  readonly bankRef: string | null;
  readonly channel: string;
  readonly method: string;
  readonly procedure: string;
  readonly unit: string;
}

/**
 * Reads a row that was kept aside by the same rules as a million of them: as its file is read or, when the file had been
 * rewritten in our own form first (workbooks, statements), as that.
 */
export function readCells(cells: readonly string[], profile: Profile): ReadRow {
  const read = readAs(cells, profile);
  return read.findings.length === 0 ? read : readAs(cells, CANONICAL);
}

function readAs(cells: readonly string[], profile: Profile): ReadRow {
  let read: ReadRow | undefined;
  const scanner = new Scanner(44, () => {
    const dictionary = () => new Dictionary(() => null);
    const words = {
      channel: dictionary(),
      method: dictionary(),
      procedure: dictionary(),
      unit: dictionary(),
    };
    const columns = new Map<string, number>(FIELDS.map((field, place) => [field, place]));
    const reader = new RowReader(scanner, columns, profile, { latest: Infinity, words });
    reader.read();
    const optional = (field: Field) => reader.text(field) || null;
    read = {
      findings: reader.findings,
      payerKey: reader.payerKey,
      phone: reader.phone > 0 ? `+84${reader.phone}` : '',
      name: reader.text('full_name').normalize('NFC'),
      amount: reader.amount,
      paidAt: reader.paidAt,
      status: STATUSES[reader.status] ?? 'failed',
      reverses: optional('reverses'),
      dossier: optional('dossier_code'),
      bankRef: optional('bank_ref'),
      channel: reader.channel.text,
      method: reader.method.text,
      procedure: reader.procedure.text,
      unit: reader.unit.text,
    };
  });
  scanner.push(Buffer.from(`${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`));
  if (!read) throw new Error('a row without cells');
  return read;
}
