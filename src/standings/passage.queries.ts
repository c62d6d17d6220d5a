import type { DataSource, EntityManager } from 'typeorm';

type Database = DataSource | EntityManager;

/** A unit that takes part and is not on the tree of a day, and one unit of that tree it became or came from. */
export interface PassageRow {
  readonly unit_id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly parent_id: number | null;
  /** It came after that day; else it was gone by then. */
  readonly later: boolean;
  /** The day of the take-over. */
  readonly since: string | null;
  readonly kin_id: number | null;
  /** Of its people, where that is known. */
  readonly share: string | null;
}

export const passageRows = (db: Database, campaignId: number, treeOn: string): Promise<PassageRow[]> =>
  db.query(
    `with recursive tree as materialized (select unit_id from units_on($2)),
          away as materialized (
            select t.unit_id, not exists (select from unit_version v where v.unit_id = t.unit_id
                                             and (v.valid_from is null or v.valid_from <= $2)) as later
              from campaign c, taking_part(c.id, greatest(c.ends_on, $2::date)) t
             where c.id = $1 and t.unit_id not in (select unit_id from tree)),
          forth(root, unit_id, share, since, steps) as (
            select unit_id, unit_id, 1::numeric, null::date, 0 from away where not later
            union all
            select f.root, s.to_unit_id, f.share * case when s.extent in ('whole', 'unchanged') then coalesce(s.share, 1) else s.share end,
                   coalesce(f.since, s.took_effect_on), f.steps + 1
              from succession s join forth f on s.from_unit_id = f.unit_id
             where s.to_unit_id is not null and s.took_effect_on <= $2 and f.steps < 30
               and s.extent not in ('part-area-only', 'part-all-area-no-pop')),
          back(root, unit_id, since, steps) as (
            select unit_id, unit_id, null::date, 0 from away where later
            union all
            select b.root, s.from_unit_id, coalesce(b.since, s.took_effect_on), b.steps + 1
              from succession s join back b on s.to_unit_id = b.unit_id
             where s.took_effect_on > $2 and b.steps < 30 and s.extent not in ('part-area-only', 'part-all-area-no-pop')),
          kin as (
            select root, unit_id, case when bool_and(share is not null) then sum(share) end as share, min(since) as since
              from forth where unit_id in (select unit_id from tree) group by root, unit_id
            union all
            select root, unit_id, null, min(since) from back where unit_id in (select unit_id from tree) group by root, unit_id)
     select a.unit_id, was.code, was.full_name as name, was.kind, was.parent_id, a.later, k.since,
            k.unit_id as kin_id, trim_scale(k.share)::text as share
       from away a
       join lateral (select code, full_name, kind, parent_id from unit_version v where v.unit_id = a.unit_id
                      order by case when a.later then v.valid_from end, v.valid_from desc nulls last limit 1) was on true
       left join kin k on k.root = a.unit_id
      order by a.unit_id, k.share desc nulls last, k.unit_id`,
    [campaignId, treeOn],
  );

/** One take-over between two units that take part. */
export interface HandoverRow {
  readonly from_id: number;
  readonly to_id: number;
  readonly on: string;
}

/** Who was gone on the day of the take-over, and who was new on it. */
export const handoverRows = (db: Database, campaignId: number, treeOn: string): Promise<HandoverRow[]> =>
  db.query(
    `with taker as materialized (
       select t.unit_id from campaign c, taking_part(c.id, greatest(c.ends_on, $2::date)) t where c.id = $1)
     select s.from_unit_id as from_id, s.to_unit_id as to_id, s.took_effect_on as "on"
       from succession s
      where s.from_unit_id in (select unit_id from taker) and s.to_unit_id in (select unit_id from taker)
        and s.extent not in ('part-area-only', 'part-all-area-no-pop')
        and not exists (select from unit_version v where v.unit_id = s.from_unit_id
                           and daterange(v.valid_from, v.valid_to) @> s.took_effect_on)
      order by s.took_effect_on, s.from_unit_id, s.to_unit_id`,
    [campaignId, treeOn],
  );
