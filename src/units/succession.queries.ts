import type { DataSource, EntityManager } from 'typeorm';

export interface Descent {
  readonly unitId: number;
  readonly code: string;
  readonly fullName: string;
  readonly parentName: string | null;
  readonly kind: string;
  readonly on: string;
  /** Share of the people that arrived, all steps multiplied; null where one of them is unknown. */
  readonly share: string | null;
  readonly isPrimary: boolean;
  readonly steps: number;
}

/** What became of a unit by a day: itself while it lives, else its successors' successors. */
export const descentOf = (db: DataSource | EntityManager, unitId: number, day: string): Promise<Descent[]> =>
  db.query(
    `with recursive line(unit_id, kind, took_effect_on, share, is_primary, steps) as (
       select $1::int, 'itself', null::date, 1::numeric, true, 0
       union all
       select s.to_unit_id, s.kind, s.took_effect_on, line.share * s.share, line.is_primary and s.is_primary, line.steps + 1
         from succession s join line on s.from_unit_id = line.unit_id
        where s.to_unit_id is not null and s.took_effect_on <= $2 and line.steps < 30
     )
     select u.unit_id as "unitId", u.code, u.full_name as "fullName", p.full_name as "parentName", line.kind,
            line.took_effect_on as "on", trim_scale(line.share)::text as share, line.is_primary as "isPrimary", line.steps
       from line join units_on($2) u on u.unit_id = line.unit_id left join units_on($2) p on p.unit_id = u.parent_id
      order by line.is_primary desc, u.code`,
    [unitId, day],
  );

export interface Kin {
  readonly unitId: number;
  readonly code: string;
  readonly fullName: string;
  readonly kind: string;
  readonly on: string;
  readonly extent: string;
  readonly share: string | null;
}

/** The units that went into this one, and those it went into, one step each way. */
export const kinOf = async (
  db: DataSource | EntityManager,
  unitId: number,
): Promise<{ before: Kin[]; after: Kin[] }> => {
  const kin = (other: string, own: string) =>
    db.query<Kin[]>(
      `select distinct on (v.full_name, s.id) v.unit_id as "unitId", v.code, v.full_name as "fullName", s.kind,
              s.took_effect_on as "on", s.extent, trim_scale(s.share)::text as share
         from succession s join unit_version v on v.unit_id = s.${other}
          and ${other === 'from_unit_id' ? 'v.valid_to <= s.took_effect_on' : 'daterange(v.valid_from, v.valid_to) @> s.took_effect_on'}
        where s.${own} = $1 order by v.full_name, s.id, v.valid_to desc`,
      [unitId],
    );
  return { before: await kin('from_unit_id', 'to_unit_id'), after: await kin('to_unit_id', 'from_unit_id') };
};
