import type { DataSource, EntityManager } from 'typeorm';

type Database = DataSource | EntityManager;

/** The newest reading of a cell that was not returned, with what may be waiting on top of it left out. */
export interface StoredReading {
  readonly id: number;
  readonly indicatorId: number;
  readonly unitId: number;
  readonly fromOn: string;
  readonly toOn: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly withdrawn: boolean;
  readonly state: 'submitted' | 'checked' | 'approved' | 'disputed';
}

/** The head of every cell: what an officer sees there now, approved or not; typed and derived readings are kept apart. */
export const headsOf = (
  db: Database,
  campaignId: number,
  {
    indicators,
    units,
    derived = false,
  }: { indicators: readonly number[]; units: readonly number[]; derived?: boolean },
): Promise<StoredReading[]> =>
  db.query(
    `select r.id, r.indicator_id as "indicatorId", r.unit_id as "unitId", r.from_on as "fromOn", r.to_on as "toOn", r.numerator,
            r.denominator, trim_scale(r.value)::text as value, r.withdrawn, r.state
       from reading r
      where r.campaign_id = $1 and r.indicator_id = any($2) and r.unit_id = any($3) and (r.source = 'derived') = $4
        and r.state <> 'returned' and r.replaced_at is null
        and not exists (select 1 from reading c where c.supersedes_id = r.id and c.state <> 'returned')`,
    [campaignId, indicators, units, derived],
  );
