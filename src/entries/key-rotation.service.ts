import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Journal } from '../journal/journal.service.js';
import { Vault } from '../platform/crypto/vault.js';

/** A column of sealed bytes and the number its rows are known by. */
interface Sealed {
  readonly table: string;
  readonly column: string;
  readonly key: string;
}

/** Everything that is sealed with the keys of DATA_KEYS, besides the payers of each promotion. */
const SEALED: readonly Sealed[] = [
  { table: 'quarantined_row', column: 'sealed', key: 'id' },
  { table: 'payment_conflict', column: 'sealed', key: 'id' },
  { table: 'batch_feed', column: 'sealed', key: 'batch_id' },
  { table: 'api_key', column: 'webhook_secret', key: 'id' },
  { table: 'officer', column: 'totp_secret', key: 'id' },
  { table: 'draw_secret', column: 'sealed', key: 'draw_id' },
  { table: 'witness_key', column: 'sealed', key: 'id' },
  { table: 'objection', column: 'sealed', key: 'id' },
];

const PART = 2_000;

export interface Rotated {
  readonly resealed: number;
  /** Keys of DATA_KEYS under which nothing is sealed any more. */
  readonly spare: string[];
}

/** Seals everything anew under the newest key, so that older ones can be taken out of DATA_KEYS. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly db: DataSource,
    private readonly vault: Vault,
    private readonly journal: Journal,
  ) {}

  /**
   * Part by part, each in a transaction of its own beside the running work. Run again after it was interrupted, it goes on
   * with what is left; run once more, it changes nothing.
   */
  async rotate(watch: (resealed: number) => void): Promise<Rotated> {
    let resealed = 0;
    for (const sealed of await this.columns()) {
      let after = '0';
      for (;;) {
        const part = await this.part(sealed, after);
        if (!part) break;
        resealed += part.changed;
        after = part.last;
        watch(resealed);
      }
    }
    const spare = this.vault.keys.data.slice(1).map(({ id }) => id);
    if (resealed > 0)
      await this.db.transaction((tx) =>
        this.journal.record(tx, {
          officer: null,
          act: 'keys.rotated',
          subject: `data-key/${this.vault.newestKeyId}`,
          facts: { resealed },
        }),
      );
    return { resealed, spare };
  }

  private async columns(): Promise<Sealed[]> {
    const payers = await this.db.query<{ name: string }[]>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'payer'::regclass order by 1`,
    );
    return [...payers.map(({ name }) => ({ table: name, column: 'sealed', key: 'id' })), ...SEALED];
  }

  /** The next rows under another key; a row that somebody seals anew meanwhile is left as they sealed it. */
  private part({ table, column, key }: Sealed, after: string) {
    return this.db.transaction(async (tx) => {
      const { head } = this.vault;
      const rows = await tx.query<{ id: string; sealed: Buffer }[]>(
        `select ${key}::text as id, ${column} as sealed from ${table}
         where ${key} > $1::bigint and substr(${column}, 1, length($2::bytea)) <> $2 order by ${table}.${key} limit ${PART}
         for no key update`,
        [after, head],
      );
      if (rows.length === 0) return undefined;
      const anew = rows.map(({ sealed }) => this.vault.seal(this.vault.open(sealed)));
      await tx.query(
        `update ${table} t set ${column} = v.sealed from unnest($1::bigint[], $2::bytea[]) as v (id, sealed) where t.${key} = v.id`,
        [rows.map((row) => row.id), anew],
      );
      return { changed: rows.length, last: rows.at(-1)!.id };
    });
  }
}
