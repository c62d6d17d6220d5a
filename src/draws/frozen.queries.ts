import type { EntityManager } from 'typeorm';
import type { Completeness, SourceValue, Strike } from '../rules/draw/documents.js';
import { EntryList } from '../rules/draw/entries.js';
import { instant } from './draw.queries.js';

export interface FrozenRow {
  size: number;
  root: string;
  groups: Buffer;
  body: string;
  note: string;
  operatorKey: string;
  completeness: Completeness;
  at: Date;
}

export async function frozenOf(tx: EntityManager, drawId: number): Promise<FrozenRow | undefined> {
  const [row] = await tx.query<FrozenRow[]>(
    `select size, encode(root, 'hex') as root, groups, body, note, operator_key as "operatorKey", completeness, at
     from frozen_list where draw_id = $1`,
    [drawId],
  );
  return row;
}

/** The bytes of entries.csv, as they were frozen. */
export async function entriesOf(tx: EntityManager, drawId: number): Promise<Buffer> {
  const parts = await tx.query<{ bytes: Buffer }[]>(
    'select bytes from frozen_part where draw_id = $1 order by ordinal',
    [drawId],
  );
  return Buffer.concat(parts.map(({ bytes }) => bytes));
}

export async function listOf(tx: EntityManager, drawId: number): Promise<EntryList> {
  return EntryList.of(await entriesOf(tx, drawId));
}

/** Lines of witnesses under the checkpoint, with their keys, in the order they came. */
export interface CosignatureRow {
  line: string;
  name: string;
  publicKey: Buffer;
  organisation: string;
  officer: string;
  signedAt: Date;
  keptHere: boolean;
}

export function cosignaturesOf(tx: EntityManager, drawId: number): Promise<CosignatureRow[]> {
  return tx.query<CosignatureRow[]>(
    `select s.line, k.name, k.public_key as "publicKey", n.name as organisation, o.name as officer,
            s.signed_at as "signedAt", k.sealed is not null as "keptHere"
     from cosignature s join witness_key k on k.id = s.witness_key_id join organisation n on n.id = s.organisation_id
     join officer o on o.id = s.officer_id where s.draw_id = $1 order by s.id`,
    [drawId],
  );
}

/** Confirmed strikes only, as they are published. */
export async function strikesOf(tx: EntityManager, drawId: number, replacement: number): Promise<Strike[]> {
  const rows = await tx.query<{ code: string; reason: string; at: Date; by: string[] }[]>(
    `select s.code, s.reason, d.at, array[a.name, b.name] as by from strike s join strike_decision d on d.strike_id = s.id
     join officer p on p.id = s.proposed_by join organisation a on a.id = p.organisation_id
     join officer c on c.id = d.officer_id join organisation b on b.id = c.organisation_id
     where s.draw_id = $1 and s.replacement = $2 and d.decision = 'confirmed' order by s.code`,
    [drawId, replacement],
  );
  return rows.map(({ code, reason, at, by }) => ({ code, reason, at: instant(at), by }));
}

export async function valuesOf(
  tx: EntityManager,
  drawId: number,
  replacement: number,
): Promise<SourceValue[]> {
  const rows = await tx.query<
    {
      id: string;
      value: string;
      randomness: string | null;
      at: Date;
      offices: string[];
      round: number | null;
    }[]
  >(
    `select v.source as id, v.value, v.randomness, v.at, v.offices, s.round::float8 as round
     from source_value v join draw_source s on (s.draw_id, s.replacement, s.code) = (v.draw_id, v.replacement, v.source)
     where v.draw_id = $1 and v.replacement = $2 order by s.ordinal`,
    [drawId, replacement],
  );
  return rows.map(({ id, value, at, offices, round, randomness }) => ({
    id,
    value,
    recordedAt: instant(at),
    recordedBy: offices,
    ...(round !== null && { round }),
    ...(randomness !== null && { randomness }),
  }));
}
