import type { DataSource } from 'typeorm';
import { cellKey } from './contest.js';

/** Cells with a figure somebody disputes, of days until `on`: open now, or open at the instant a cut is about. */
export async function disputedCells(
  db: DataSource,
  { campaignId, on, knownAt }: { campaignId: number; on: string; knownAt: Date | null },
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ unit_id: number; indicator: string }[]>(
    `select distinct o.unit_id, i.code as indicator from figure_objection o join indicator i on i.id = o.indicator_id
      where o.campaign_id = $1 and o.day <= $2
        and case when $3::timestamptz is null then o.outcome is null
                 else o.raised_at <= $3 and (o.decided_at is null or o.decided_at > $3) end`,
    [campaignId, on, knownAt],
  );
  return new Set(rows.map(({ unit_id: unit, indicator }) => cellKey(unit, indicator)));
}
