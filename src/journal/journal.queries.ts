import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Which entries: an act or all that begin so (`draw.`), a subject or all below it, an officer, days in Vietnam. */
export interface JournalFilter {
  act: string;
  subject: string;
  officer: number | null;
  from: string;
  to: string;
}

export interface JournalRow {
  id: number;
  at: Date;
  officerId: number | null;
  act: string;
  subject: string;
  facts: Record<string, unknown>;
  previousHash: string;
  hash: string;
}

export interface ShownEntry extends JournalRow {
  officer: string | null;
  organisation: string | null;
}

const COLUMNS = `e.id, e.at, e.officer_id as "officerId", e.act, e.subject, e.facts,
  encode(e.previous_hash, 'hex') as "previousHash", encode(e.hash, 'hex') as hash`;

const MATCHES = `($1 = '' or e.act = $1 or e.act like replace($1, '_', '\\_') || '.%')
  and ($2 = '' or e.subject = $2 or e.subject like replace(replace($2, '\\', '\\\\'), '_', '\\_') || '/%')
  and ($3::int is null or e.officer_id = $3)
  and ($4 = '' or e.at >= ($4::text || ' 00:00')::timestamp at time zone 'Asia/Ho_Chi_Minh')
  and ($5 = '' or e.at < (($5::text || ' 00:00')::timestamp + interval '1 day') at time zone 'Asia/Ho_Chi_Minh')`;

const parameters = ({ act, subject, officer, from, to }: JournalFilter) => [act, subject, officer, from, to];

/** Reading the journal. Pages go by entry number, so they stay as fast and as they are however much is written. */
@Injectable()
export class JournalQueries {
  constructor(private readonly db: DataSource) {}

  /** Newest first; older than `before`, or the oldest that are newer than `after`. */
  async page(
    filter: JournalFilter,
    turn: { before?: number; after?: number },
    limit: number,
  ): Promise<ShownEntry[]> {
    const rows = await this.db.query<ShownEntry[]>(
      `select ${COLUMNS}, o.name as officer, n.name as organisation
       from journal_entry e left join officer o on o.id = e.officer_id left join organisation n on n.id = o.organisation_id
       where ${MATCHES} and ($6::bigint is null or e.id < $6) and ($7::bigint is null or e.id > $7)
       order by e.id ${turn.after === undefined ? 'desc' : 'asc'} limit $8`,
      [...parameters(filter), turn.before ?? null, turn.after ?? null, limit],
    );
    return turn.after === undefined ? rows : rows.toReversed();
  }

  async one(id: number): Promise<ShownEntry | undefined> {
    const [row] = await this.db.query<ShownEntry[]>(
      `select ${COLUMNS}, o.name as officer, n.name as organisation
       from journal_entry e left join officer o on o.id = e.officer_id left join organisation n on n.id = o.organisation_id
       where e.id = $1`,
      [id],
    );
    return row;
  }

  async size(): Promise<number> {
    const [head] = await this.db.query<{ size: number }[]>('select size from journal_head');
    return Number(head?.size ?? 0);
  }

  /** All that match, oldest first, a thousand at a time: an export of any length in little memory. */
  async *all(filter: JournalFilter, after = 0, atOnce = 1000): AsyncGenerator<JournalRow> {
    for (let last = after; ;) {
      const rows = await this.db.query<JournalRow[]>(
        `select ${COLUMNS} from journal_entry e where ${MATCHES} and e.id > $6 order by e.id limit $7`,
        [...parameters(filter), last, atOnce],
      );
      yield* rows;
      const end = rows.at(-1);
      if (!end || rows.length < atOnce) return;
      last = Number(end.id);
    }
  }

  /** The acts that occur, found by hopping along the index instead of reading every entry. */
  async acts(): Promise<string[]> {
    const rows = await this.db.query<{ act: string }[]>(
      `with recursive acts as (
         (select act from journal_entry order by act using ~<~ limit 1)
         union all
         select (select e.act from journal_entry e where e.act ~>~ acts.act order by e.act using ~<~ limit 1)
         from acts where acts.act is not null)
       select act from acts where act is not null`,
    );
    return rows.map(({ act }) => act);
  }

  /** Officers who did something that is in the journal. */
  officers(): Promise<{ id: number; name: string }[]> {
    return this.db.query<{ id: number; name: string }[]>(
      `select o.id, o.name from officer o where exists (select from journal_entry e where e.officer_id = o.id)
       order by o.name`,
    );
  }
}
