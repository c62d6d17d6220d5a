import type { DataSource, EntityManager } from 'typeorm';
import type { UnitVersion } from './unit-index.js';
import { folded } from './unit-name.js';

type Database = DataSource | EntityManager;

const versionColumns = (
  t: string,
) => `${t}.id, ${t}.unit_id as "unitId", ${t}.code, ${t}.name, ${t}.full_name as "fullName", ${t}.kind, ${t}.type,
  ${t}.parent_id as "parentId", ${t}.valid_from as "validFrom", ${t}.valid_to as "validTo"`;

export const allVersions = (db: Database): Promise<UnitVersion[]> =>
  db.query(`select ${versionColumns('v')} from unit_version v order by id`);

/** The tree as of a day: the unit itself and all below it, or everything. */
export const treeOn = (db: Database, day: string, under: number | null = null): Promise<UnitVersion[]> =>
  db.query(
    `with recursive today as materialized (select * from units_on($1)), tree as (
       select * from today where unit_id = $2 or ($2::int is null and parent_id is null)
       union all
       select child.* from today child join tree on child.parent_id = tree.unit_id
     )
     select ${versionColumns('tree')} from tree order by code`,
    [day, under],
  );

/** Units below one (or the topmost ones), with the number of units below each. */
export const childrenOn = (
  db: Database,
  day: string,
  parent: number | null,
): Promise<(UnitVersion & { below: number })[]> =>
  db.query(
    `with today as materialized (select * from units_on($1)),
          below as (select parent_id, count(*)::int as n from today group by parent_id)
     select ${versionColumns('u')}, coalesce((select n from below where below.parent_id = u.unit_id), 0) as below
       from today u where parent_id is not distinct from $2 order by kind, code`,
    [day, parent],
  );

/** A stretch of the tree of a day, in the order of ids. */
export const treePage = (
  db: Database,
  day: string,
  { under, after = 0, limit }: { under?: number; after?: number; limit: number },
): Promise<(UnitVersion & { parentCode: string | null })[]> =>
  db.query(
    `with recursive today as materialized (select * from units_on($1)), tree as (
       select unit_id from today where unit_id = $2
       union
       select child.unit_id from today child join tree on child.parent_id = tree.unit_id
     )
     select ${versionColumns('u')}, p.code as "parentCode" from today u left join today p on p.unit_id = u.parent_id
      where ($2::int is null or u.unit_id in (select unit_id from tree)) and u.unit_id > $3 order by u.unit_id limit $4`,
    [day, under ?? null, after, limit],
  );

export interface UnitHit extends UnitVersion {
  readonly parentName: string | null;
}

/** For pickers: what begins so first, then what holds it; typed with or without marks. */
export const searchOn = (
  db: Database,
  text: string,
  day: string,
  under: number | null,
  limit = 20,
): Promise<UnitHit[]> =>
  db.query(
    `with recursive today as materialized (select * from units_on($2)), tree as (
       select unit_id from today where unit_id = $3
       union all
       select child.unit_id from today child join tree on child.parent_id = tree.unit_id
     )
     select ${versionColumns('u')},
            p.full_name as "parentName"
       from today u left join today p on p.unit_id = u.parent_id
      where (u.folded like $1 || '%' or u.full_folded like '%' || $1 || '%' or u.code like $4 || '%')
        and ($3::int is null or u.unit_id in (select unit_id from tree))
      order by u.folded <> $1, u.folded not like $1 || '%',
               array_position(array['province', 'district', 'commune', 'department', 'agency'], u.kind), u.full_folded, u.code
      limit $5`,
    [likeSafe(folded(text)), day, under, likeSafe(text.trim()), limit],
  );

const likeSafe = (text: string) => text.replace(/[\\%_]/g, '\\$&');

export const versionsOf = (
  db: Database,
  unitId: number,
): Promise<(UnitVersion & { parentName: string | null; legalBasis: string | null })[]> =>
  db.query(
    `select ${versionColumns('v')}, v.legal_basis as "legalBasis",
            (select p.full_name from unit_version p where p.unit_id = v.parent_id
              order by daterange(p.valid_from, p.valid_to) && daterange(v.valid_from, v.valid_to) desc, p.valid_from limit 1) as "parentName"
       from unit_version v where v.unit_id = $1 order by v.valid_from nulls first`,
    [unitId],
  );

/** The unit and those above it, the topmost first. */
export const ancestorsOn = (db: Database, unitId: number, day: string): Promise<UnitVersion[]> =>
  db.query(
    `with recursive line as (
       select u.*, 0 as depth from units_on($2) u where u.unit_id = $1
       union all
       select u.*, line.depth + 1 from line join units_on($2) u on u.unit_id = line.parent_id where line.depth < 10
     )
     select ${versionColumns('line')} from line order by depth desc`,
    [unitId, day],
  );

export const countsOn = (db: Database, day: string): Promise<{ kind: string; n: number }[]> =>
  db.query(
    `select kind, count(*)::int as n from units_on($1) group by kind
      order by array_position(array['province', 'district', 'commune', 'department', 'agency'], kind)`,
    [day],
  );

/** The last day before `day` on which there was any unit; null when there never was. */
export async function lastDayWithUnits(db: Database, day: string): Promise<string | null> {
  const [row] = await db.query<{ on: string | null }[]>(
    'select max(valid_to - 1)::text as on from unit_version where valid_to <= $1',
    [day],
  );
  return row?.on ?? null;
}
