import type { DataSource } from 'typeorm';
import { counted } from './fact-source.js';

/** A reading behind a figure: who handed it in, how, when, and since when it counts. */
export interface Source {
  readonly id: number;
  readonly unit: string;
  readonly indicator: string;
  readonly from_on: string;
  readonly last_on: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly source: 'typed' | 'file' | 'api' | 'derived';
  readonly state: string;
  readonly recorded_at: Date;
  readonly recorded_by: string | null;
  readonly approved_at: Date;
  readonly approved_by: string | null;
  readonly reason: string | null;
  readonly evidence: number;
}

export interface Behind {
  readonly campaignId: number;
  readonly unitIds: readonly number[];
  readonly indicatorId: number;
  readonly until: string;
  readonly knownAt: Date | null;
}

const SHOWN = 60;

/** The readings of a cell, newest days first; the count says when not all are shown. */
export async function sourcesOf(db: DataSource, behind: Behind): Promise<{ rows: Source[]; total: number }> {
  const rows = await db.query<(Source & { total: number })[]>(
    `select r.id, u.full_name as unit, i.code as indicator, r.from_on, r.to_on - 1 as last_on, r.numerator, r.denominator,
            trim_scale(r.value)::text as value, r.source, r.state, r.recorded_at, o.name as recorded_by, r.approved_at,
            (select a.name from reading_mark m left join officer a on a.id = m.marked_by
              where m.reading_id = r.id and m.state = 'approved' order by m.id desc limit 1) as approved_by,
            r.reason, (select count(*)::int from reading_evidence e where e.reading_id = r.id) as evidence,
            count(*) over ()::int as total
       from reading r join indicator i on i.id = r.indicator_id left join officer o on o.id = r.recorded_by
       left join lateral (select full_name from unit_version v where v.unit_id = r.unit_id
                           order by daterange(v.valid_from, v.valid_to) @> r.from_on desc, v.valid_from desc nulls last limit 1) u on true
      where r.campaign_id = $1 and r.unit_id = any($2) and r.indicator_id = $3 and r.to_on <= $4::date + 1
        and ${counted(behind.knownAt)}
      order by r.to_on desc, u.full_name, r.id desc limit ${SHOWN}`,
    [behind.campaignId, behind.unitIds, behind.indicatorId, behind.until],
  );
  return { rows, total: rows[0]?.total ?? 0 };
}
