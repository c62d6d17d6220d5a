import type { DataSource, EntityManager } from 'typeorm';
import type { BoardTimes } from '../rules/calendar/board.js';
import { windowOf } from '../rules/calendar/campaign.js';

type Database = DataSource | EntityManager;

export interface Board extends BoardTimes {
  readonly campaignId: number;
  readonly startsOn: string;
  readonly endsOn: string;
  /** The day a frozen board is about. */
  readonly frozenOn: string | null;
}

interface Row {
  id: number;
  starts_on: string;
  ends_on: string;
  frozen: Date | null;
  frozen_on: string | null;
  thawed: Date | null;
  finalised: Date | null;
}

/** What was done to a campaign's board; of repeated freezes and thaws the last. */
export async function boardOf(db: Database, slug: string): Promise<Board | undefined> {
  const [row] = await db.query<Row[]>(
    `select c.id, c.starts_on, c.ends_on, f.acted_at as frozen, f.as_of as frozen_on,
            (select max(acted_at) from board_act where campaign_id = c.id and act = 'thaw') as thawed,
            (select max(acted_at) from board_act where campaign_id = c.id and act = 'finalise') as finalised
       from campaign c
       left join lateral (select acted_at, as_of from board_act where campaign_id = c.id and act = 'freeze'
                           order by acted_at desc limit 1) f on true
      where c.slug = $1`,
    [slug],
  );
  if (!row) return undefined;
  const { opensAt, closesAt } = windowOf({ startsOn: row.starts_on, endsOn: row.ends_on });
  return {
    campaignId: row.id,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    started: opensAt,
    frozen: row.frozen,
    frozenOn: row.frozen_on,
    ended: closesAt,
    thawed: row.thawed,
    finalised: row.finalised,
  };
}

export interface PublicationRow {
  readonly id: number;
  readonly number: number;
  readonly kind: 'interim' | 'final';
  readonly note: string;
  readonly as_of: string;
  readonly known_at: Date;
  readonly rules_version_id: number;
  readonly rules_number: number;
  readonly tree_on: string;
  readonly sha256: string;
  readonly published_at: Date;
}

const PUBLICATION = `select p.id, p.number, p.kind, p.note, p.as_of, p.known_at, p.rules_version_id, r.number as rules_number,
  p.tree_on, p.sha256, p.published_at from publication p join rules_version r on r.id = p.rules_version_id
  join campaign c on c.id = p.campaign_id`;

/** Newest first. */
export const publicationsOf = (db: Database, slug: string): Promise<PublicationRow[]> =>
  db.query(`${PUBLICATION} where c.slug = $1 order by p.number desc`, [slug]);

export async function publicationText(db: Database, id: number): Promise<string> {
  const [row] = await db.query<{ content: string }[]>('select content from publication where id = $1', [id]);
  return row?.content ?? '';
}
