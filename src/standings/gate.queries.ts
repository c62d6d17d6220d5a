import type { DataSource, EntityManager } from 'typeorm';

/** What stands between a campaign and its final result. */
export interface Obstacle {
  readonly code: 'missing' | 'refused' | 'unapproved' | 'disputed' | 'objections' | 'waiting';
  readonly n: number;
}

interface Row {
  unapproved: number;
  disputed: number;
  objections: number;
}

/** Figures handed in and not decided, disputed ones, objections still open. */
export async function openWork(db: DataSource | EntityManager, campaignId: number): Promise<Obstacle[]> {
  const [row] = await db.query<Row[]>(
    `select (select count(*)::int from reading where campaign_id = $1 and state in ('submitted', 'checked')) as unapproved,
            (select count(*)::int from reading where campaign_id = $1 and state = 'disputed' and replaced_at is null) as disputed,
            (select count(*)::int from figure_objection where campaign_id = $1 and outcome is null) as objections`,
    [campaignId],
  );
  const codes = ['unapproved', 'disputed', 'objections'] as const;
  return codes.map((code) => ({ code, n: row?.[code] ?? 0 })).filter(({ n }) => n > 0);
}
