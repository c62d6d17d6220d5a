-- Who takes part while units change
-- ---------------------------------
--   taking_part(campaign, until)  the participants, and what they became by a day: who takes a participant over takes
--                                 part in its place and group from the day on. Nothing is written down for it: the
--                                 old unit stays a participant, for its own days.
--   campaign_tree(campaign)       the tree the campaign runs on, with the units that came since under those above them

create function taking_part(campaign integer, until date)
returns table (unit_id integer, group_id integer, joined_on date, left_on date, since date, from_unit_id integer)
language sql stable as $$
  with recursive line as (
    select p.unit_id, p.group_id, p.joined_on, p.left_on, null::date as since, null::integer as from_unit_id,
           0 as loss, 0 as steps
      from participation p where p.campaign_id = $1
    union all
    select s.to_unit_id, l.group_id, l.joined_on, l.left_on, s.took_effect_on, l.unit_id,
           -- Taken over whole before taken over in part; a larger known part before a smaller or unknown one.
           case when s.extent in ('whole', 'unchanged', 'part-area-all-pop') then 0
                else 2000000 - (coalesce(s.share, 0) * 1000000)::integer end,
           l.steps + 1
      from line l
      join campaign c on c.id = $1
      join succession s on s.from_unit_id = l.unit_id
     where s.to_unit_id is not null and s.extent not in ('part-area-only', 'part-all-area-no-pop')
       and s.took_effect_on > c.units_as_of and s.took_effect_on <= $2 and s.took_effect_on >= coalesce(l.since, s.took_effect_on)
       and (l.left_on is null or s.took_effect_on < l.left_on) and l.steps < 30
       and not exists (select from participation p where p.campaign_id = $1 and p.unit_id = s.to_unit_id)
       -- Who lives on and gives a part away hands its place on to a new unit only.
       and (not exists (select from unit_version v where v.unit_id = s.from_unit_id
                           and daterange(v.valid_from, v.valid_to) @> s.took_effect_on)
            or (select min(coalesce(v.valid_from, '-infinity')) from unit_version v where v.unit_id = s.to_unit_id) = s.took_effect_on)
  )
  select distinct on (l.unit_id) l.unit_id, l.group_id, l.joined_on, l.left_on, l.since, l.from_unit_id
    from line l order by l.unit_id, l.since nulls first, l.loss, l.from_unit_id
$$;

create function campaign_tree(campaign integer)
returns table (unit_id integer, parent_id integer, code text, full_name text, kind text)
language sql stable as $$
  with c as materialized (select units_as_of, ends_on from campaign where id = $1),
       today as materialized (select u.* from c, units_on(c.units_as_of) u),
       later as materialized (
         select v.*, t.since, t.from_unit_id from c, taking_part($1, c.ends_on) t
           join unit_version v on v.unit_id = t.unit_id and daterange(v.valid_from, v.valid_to) @> t.since
          where t.since is not null)
  select unit_id, parent_id, code, full_name, kind from today
  union all
  select unit_id, parent_id, code, full_name, kind from later
  union all
  -- Where the unit above is gone by then as well, its officers keep what became of the units below it.
  select l.unit_id, o.parent_id, l.code, l.full_name, l.kind
    from later l join today o on o.unit_id = l.from_unit_id
   where o.parent_id is distinct from l.parent_id
     and not exists (select from unit_version v where v.unit_id = o.parent_id and daterange(v.valid_from, v.valid_to) @> l.since)
$$;

-- Lists of units change what takes part and who is added up where: open boards and kept cuts begin anew.
create function tell_of_units() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', json_build_array('units', json_build_object('table', tg_table_name))::text);
  return null;
end $$;
create trigger succession_tells after insert or update or delete on succession for each statement execute function tell_of_units();
create trigger unit_version_tells after insert or update or delete on unit_version for each statement execute function tell_of_units();
create trigger participation_tells after insert or update on participation for each row execute function tell_of_rules();
