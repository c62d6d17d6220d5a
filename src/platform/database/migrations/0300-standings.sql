-- Standings
-- ---------
-- Scores and places are worked out from readings and rules whenever they are asked for; nothing here stores them, but
-- for what was published, which never changes again.
--
--   publication    standings as they were announced: their four keys, their canonical JSON and its SHA-256. The same
--                  keys give the same bytes at any later time.
--   board_act      freeze, thaw, finalise. While frozen, the public sees what was known at the freeze.
--   excluded_day   a day taken out of the reckoning by decision (an outage), and perhaps put back; counts from
--                  decided_at until withdrawn_at
--   adjustment     bonus or penalty points with a reason, likewise
--   figure_objection  a unit disputes a figure; open until it is decided
--
-- Whoever writes an approved reading wakes the boards: the trigger tells every instance once the transaction commits.

create table publication (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  number integer not null check (number >= 1),
  kind text not null check (kind in ('interim', 'final')),
  note text not null default '',
  as_of date not null,
  known_at timestamptz not null,
  rules_version_id integer not null references rules_version (id),
  tree_on date not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  content text not null,
  published_at timestamptz not null,
  published_by integer references officer (id),
  unique (campaign_id, number),
  check (known_at <= published_at)
);
create unique index publication_one_final on publication (campaign_id) where kind = 'final';

create table board_act (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  act text not null check (act in ('freeze', 'thaw', 'finalise')),
  as_of date not null,
  reason text not null default '',
  acted_at timestamptz not null,
  acted_by integer references officer (id)
);
create index board_act_campaign on board_act (campaign_id, acted_at);
create unique index board_act_final_once on board_act (campaign_id) where act = 'finalise';

create table excluded_day (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  day date not null,
  reason text not null check (reason <> ''),
  decision_ref text not null check (decision_ref <> ''),
  decided_at timestamptz not null,
  decided_by integer references officer (id),
  withdrawn_at timestamptz check (withdrawn_at >= decided_at),
  withdrawn_by integer references officer (id),
  withdrawn_reason text,
  check ((withdrawn_at is null) = (withdrawn_reason is null))
);
create unique index excluded_day_one_open on excluded_day (campaign_id, day) where withdrawn_at is null;

create table adjustment (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  unit_id integer not null references unit (id),
  points numeric(9, 4) not null check (points <> 0),
  counts_from date not null,
  reason text not null check (reason <> ''),
  decision_ref text not null check (decision_ref <> ''),
  decided_at timestamptz not null,
  decided_by integer references officer (id),
  withdrawn_at timestamptz check (withdrawn_at >= decided_at),
  withdrawn_by integer references officer (id),
  withdrawn_reason text,
  check ((withdrawn_at is null) = (withdrawn_reason is null))
);
create index adjustment_campaign on adjustment (campaign_id, unit_id);

create table figure_objection (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  unit_id integer not null references unit (id),
  indicator_id integer not null references indicator (id),
  day date not null,
  reason text not null check (reason <> ''),
  raised_at timestamptz not null,
  raised_by integer references officer (id),
  outcome text check (outcome in ('upheld', 'rejected', 'withdrawn')),
  outcome_reason text,
  decided_at timestamptz check (decided_at >= raised_at),
  decided_by integer references officer (id),
  check ((outcome is null) = (decided_at is null) and (outcome is null) = (outcome_reason is null))
);
create unique index figure_objection_one_open on figure_objection (campaign_id, unit_id, indicator_id, day) where outcome is null;

create trigger publication_append_only before update or delete on publication
  for each row execute function refuse_change();
create trigger publication_not_emptied before truncate on publication
  for each statement execute function refuse_change();
create trigger board_act_append_only before update or delete on board_act
  for each row execute function refuse_change();

-- [topic, data] on the channel of the live pages; many readings at once are told as a number only.
create function tell_of_readings() returns trigger language plpgsql as $$
declare
  told record;
begin
  for told in
    select campaign_id, count(*) as many, case when count(*) <= 200 then json_agg(id) end as ids
      from changed where approved_at is not null group by campaign_id
  loop
    perform pg_notify('live', json_build_array('readings:' || told.campaign_id,
      json_build_object('many', told.many, 'ids', told.ids))::text);
  end loop;
  return null;
end $$;
create trigger reading_added_tells after insert on reading
  referencing new table as changed for each statement execute function tell_of_readings();
create trigger reading_marked_tells after update on reading
  referencing new table as changed for each statement execute function tell_of_readings();

-- Anything else that moves a score is told likewise, so that no instance keeps an old cut.
create function tell_of_rules() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', json_build_array('contest:' || coalesce(new.campaign_id, 0), json_build_object('table', tg_table_name))::text);
  return null;
end $$;
create trigger excluded_day_tells after insert or update on excluded_day for each row execute function tell_of_rules();
create trigger adjustment_tells after insert or update on adjustment for each row execute function tell_of_rules();
create trigger board_act_tells after insert on board_act for each row execute function tell_of_rules();
create trigger publication_tells after insert on publication for each row execute function tell_of_rules();
create trigger rules_version_tells after update on rules_version for each row
  when (new.published_at is not null and old.published_at is null) execute function tell_of_rules();

create function tell_of_exemption() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', json_build_array('contest:' || (select campaign_id from indicator where id = new.indicator_id),
    json_build_object('table', 'exemption'))::text);
  return null;
end $$;
create trigger exemption_tells after insert or update on exemption for each row execute function tell_of_exemption();
