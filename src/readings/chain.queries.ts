import type { DataSource } from 'typeorm';

export interface ChainedReading {
  readonly id: number;
  readonly unitId: number;
  readonly fullName: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly fromOn: string;
  readonly lastOn: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly value: string | null;
  readonly source: string;
  readonly state: string;
  readonly reason: string | null;
  readonly recordedAt: Date;
  readonly recorder: string | null;
  readonly approvedAt: Date | null;
  readonly replacedAt: Date | null;
  readonly fileName: string | null;
  readonly marks: { state: string; at: string; by: string | null; reason: string | null }[];
}

/** All readings of the cell that this one belongs to, newest first, with everything that was done to them. */
export const chainOf = (db: DataSource, campaignId: number, id: number): Promise<ChainedReading[]> =>
  db.query(
    `select r.id, r.unit_id as "unitId", u.full_name as "fullName", v.name_vi as "nameVi", v.name_en as "nameEn", r.from_on as "fromOn",
            r.to_on - 1 as "lastOn", r.numerator, r.denominator, trim_scale(r.value)::text as value, r.source, r.state, r.reason,
            r.recorded_at as "recordedAt", o.name as recorder, r.approved_at as "approvedAt", r.replaced_at as "replacedAt",
            b.file_name as "fileName",
            (select coalesce(json_agg(json_build_object('state', m.state, 'at', m.marked_at, 'by', mo.name,
                      'reason', nullif(m.reason, 'superseded')) order by m.id), '[]')
               from reading_mark m left join officer mo on mo.id = m.marked_by where m.reading_id = r.id) as marks
       from reading one
       join reading r on r.indicator_id = one.indicator_id and r.unit_id = one.unit_id and r.from_on = one.from_on and r.to_on = one.to_on
        and (r.source = 'derived') = (one.source = 'derived')
       join reading_batch b on b.id = r.batch_id
       left join officer o on o.id = r.recorded_by
       left join unit_version u on u.unit_id = r.unit_id and daterange(u.valid_from, u.valid_to) @> r.to_on - 1
       left join lateral (select name_vi, name_en from indicator_version v where v.indicator_id = r.indicator_id order by v.id desc limit 1) v on true
      where one.id = $2 and one.campaign_id = $1 order by r.id desc`,
    [campaignId, id],
  );

export const evidenceOf = (
  db: DataSource,
  readingId: number,
): Promise<{ id: number; name: string; attachedAt: Date; by: string | null }[]> =>
  db.query(
    `select f.id, f.name, e.attached_at as "attachedAt", o.name as by from reading_evidence e join evidence_file f on f.id = e.evidence_file_id
       left join officer o on o.id = e.attached_by where e.reading_id = $1 order by e.attached_at`,
    [readingId],
  );
