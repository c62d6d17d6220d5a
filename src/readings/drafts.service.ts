import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Campaign } from '../campaigns/campaigns.queries.js';
import { Clock } from '../platform/clock.js';

/** What stands in one cell of the grid, half-typed or not. */
export interface GridCell {
  readonly unitId: number;
  readonly indicatorId: number;
  readonly numerator: string;
  readonly denominator: string;
  readonly value: string;
}

/** Keeps half-typed cells between visits; nobody's figures yet, so they are overwritten freely. */
@Injectable()
export class Drafts {
  constructor(private readonly clock: Clock) {}

  async save(
    tx: EntityManager,
    campaign: Campaign,
    day: string,
    cells: readonly GridCell[],
    officerId: number,
  ): Promise<void> {
    await tx.query(
      `insert into reading_draft (campaign_id, indicator_id, unit_id, day, numerator, denominator, value, saved_at, saved_by)
       select $1, e.*, $8, $9 from unnest($2::int[], $3::int[], $4::date[], $5::text[], $6::text[], $7::text[]) e
       on conflict (indicator_id, unit_id, day) do update
          set numerator = excluded.numerator, denominator = excluded.denominator, value = excluded.value,
              revision = reading_draft.revision + 1, saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
      [
        campaign.id,
        cells.map(({ indicatorId }) => indicatorId),
        cells.map(({ unitId }) => unitId),
        cells.map(() => day),
        cells.map(({ numerator }) => numerator.slice(0, 40)),
        cells.map(({ denominator }) => denominator.slice(0, 40)),
        cells.map(({ value }) => value.slice(0, 40)),
        this.clock.now(),
        officerId,
      ],
    );
  }

  async clear(tx: EntityManager, day: string, cells: readonly GridCell[]): Promise<void> {
    await tx.query(
      `delete from reading_draft d using unnest($1::int[], $2::int[]) e(indicator_id, unit_id)
        where d.indicator_id = e.indicator_id and d.unit_id = e.unit_id and d.day = $3`,
      [cells.map(({ indicatorId }) => indicatorId), cells.map(({ unitId }) => unitId), day],
    );
  }
}
