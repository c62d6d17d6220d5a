import type { DataSource } from 'typeorm';
import type { ReadingQuery } from './readings.dto.js';

export interface CountingReading {
  readonly id: number;
  readonly unitId: number;
  readonly unitCode: string;
  readonly unit: string;
  readonly indicator: string;
  /** First and last day, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly source: string;
  readonly recordedAt: Date;
  readonly approvedAt: Date;
  readonly supersedesId: number | null;
  readonly disputed: boolean;
}

export const countingReadings = (
  db: DataSource,
  campaignId: number,
  { unit, indicator, from, to, after, limit }: ReadingQuery,
): Promise<CountingReading[]> =>
  db.query(
    `select r.id, r.unit_id as "unitId", u.code as "unitCode", u.full_name as unit, i.code as indicator, r.from_on as "from", r.to_on - 1 as "to",
            r.numerator, r.denominator, trim_scale(r.value)::text as value, r.source, r.recorded_at as "recordedAt", r.approved_at as "approvedAt",
            r.supersedes_id as "supersedesId", r.state = 'disputed' as disputed
       from reading r join indicator i on i.id = r.indicator_id
       left join unit_version u on u.unit_id = r.unit_id and daterange(u.valid_from, u.valid_to) @> r.to_on - 1
      where r.campaign_id = $1 and r.approved_at is not null and r.replaced_at is null and not r.withdrawn
        and ($2::int is null or r.unit_id = $2) and ($3::text is null or i.code = $3)
        and ($4::date is null or r.from_on >= $4) and ($5::date is null or r.from_on <= $5) and r.id > $6
      order by r.id limit $7`,
    [campaignId, unit ?? null, indicator || null, from ?? null, to ?? null, after ?? 0, limit ?? 500],
  );
