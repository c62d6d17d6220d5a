import type { DataSource } from 'typeorm';

export interface DecidedDay {
  readonly id: number;
  readonly day: string;
  readonly reason: string;
  readonly decision_ref: string;
  readonly decided_at: Date;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_reason: string | null;
}

export interface DecidedPoints {
  readonly id: number;
  readonly unit: string;
  readonly points: string;
  readonly counts_from: string;
  readonly reason: string;
  readonly decision_ref: string;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_reason: string | null;
}

/** What was decided about a campaign's standings, taken back or not. */
export async function decidedOf(
  db: DataSource,
  campaignId: number,
): Promise<{ excluded: DecidedDay[]; adjustments: DecidedPoints[] }> {
  const excluded = await db.query<DecidedDay[]>(
    `select id, day, reason, decision_ref, decided_at, withdrawn_at, withdrawn_reason from excluded_day
      where campaign_id = $1 order by day, id`,
    [campaignId],
  );
  const adjustments = await db.query<DecidedPoints[]>(
    `select a.id, u.full_name as unit, trim_scale(a.points)::text as points, a.counts_from, a.reason, a.decision_ref,
            a.withdrawn_at, a.withdrawn_reason
       from adjustment a
       left join unit_version u on u.unit_id = a.unit_id and daterange(u.valid_from, u.valid_to) @> a.counts_from
      where a.campaign_id = $1 order by a.id`,
    [campaignId],
  );
  return { excluded, adjustments };
}
