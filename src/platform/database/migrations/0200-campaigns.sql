-- Campaigns and their plans
-- -------------------------
--   campaign           a movement, a drive inside it (parent_id), a review, or a promotion; both days inclusive
--   phase              launch, interim review, final review, sprint: named stretches of a campaign
--   campaign_group     khối / cụm thi đua; ranks are made within one group
--   participation      a unit takes part, in one group, from joined_on up to but not including left_on
--   rules_version      the plan's versions: 1 is what the plan published, each later one an amendment with its decision.
--                      published_at null: a draft, of which a campaign has one at most. A published one is frozen, and so
--                      is everything that hangs on it (trigger).
--   indicator          what is counted, known by its code through all versions of the plan
--   indicator_version  how it is counted under one rules version: words, kind, curve, target, what to do without cases
--   indicator_weight   its weight in a group; no row: it does not apply to that group
--   indicator_start    baseline and own target of one unit, where they differ from the indicator's
--   milestone          dated points of the target path
--   exemption          "this unit has no such procedure", with its evidence; withdrawn, never deleted
--   task, task_progress  the tasks of the plan and the append-only log of how far they are
--   draw_period        the periods of a promotion
--
-- Rates, targets and baselines are in percent where the indicator is a ratio (80 is 80 %), else in its own measure.

create table campaign (
  id integer generated always as identity primary key,
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  kind text not null check (kind in ('movement', 'drive', 'review', 'promotion')),
  parent_id integer references campaign (id) check (parent_id <> id),
  unit_id integer references unit (id),
  title_vi text not null check (title_vi <> ''),
  title_en text not null check (title_en <> ''),
  decision_ref text,
  starts_on date not null,
  ends_on date not null,
  units_as_of date not null,
  time_zone text not null default 'Asia/Ho_Chi_Minh' check (time_zone = 'Asia/Ho_Chi_Minh'),
  report_due_days integer not null default 1 check (report_due_days between 0 and 60),
  lock_after_days integer not null default 7 check (lock_after_days between 0 and 400),
  approval_steps integer not null default 1 check (approval_steps between 0 and 2),
  created_at timestamptz not null default now(),
  created_by integer references officer (id),
  check (ends_on >= starts_on)
);

comment on column campaign.unit_id is 'the unit the campaign belongs to, usually a province; null: the whole country';
comment on column campaign.units_as_of is 'the day whose unit tree it runs on';
comment on column campaign.report_due_days is 'days after a day''s end by which its figures count as on time';
comment on column campaign.lock_after_days is 'days after which a day''s figures can be entered by exception only';
comment on column campaign.approval_steps is '0: a submitted reading counts at once; 1: the organiser approves; 2: the unit above, then the organiser';

create table phase (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  kind text not null check (kind in ('launch', 'interim-review', 'final-review', 'sprint')),
  title_vi text not null,
  title_en text not null,
  starts_on date not null,
  ends_on date not null check (ends_on >= starts_on),
  unique (campaign_id, kind, starts_on)
);

create table campaign_group (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  code text not null check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ordinal integer not null default 1,
  name_vi text not null,
  name_en text not null,
  unique (campaign_id, code),
  unique (id, campaign_id)
);

create table participation (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  group_id integer not null,
  unit_id integer not null references unit (id),
  joined_on date,
  left_on date check (left_on > joined_on),
  unique (campaign_id, unit_id),
  foreign key (group_id, campaign_id) references campaign_group (id, campaign_id)
);
create index participation_group on participation (group_id);

create table rules_version (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  number integer not null check (number >= 1),
  decision_ref text,
  decided_on date,
  reason text,
  total_points integer not null default 100 check (total_points > 0),
  score_decimals integer not null default 2 check (score_decimals between 0 and 6),
  tie_rule text not null default 'competition' check (tie_rule in ('competition', 'dense')),
  tie_break text[] not null default '{}' check (tie_break <@ array['indicators-at-target', 'progress', 'target-met-first']),
  minimum_applicable numeric(5, 2) not null default 60 check (minimum_applicable between 0 and 100),
  grace_days integer not null default 3 check (grace_days between 0 and 400),
  bands jsonb not null default '[]' check (jsonb_typeof(bands) = 'array'),
  created_at timestamptz not null default now(),
  created_by integer references officer (id),
  published_at timestamptz,
  published_by integer references officer (id),
  unique (campaign_id, number),
  check (published_at is null or number = 1 or (decision_ref is not null and decided_on is not null and reason is not null))
);
create unique index rules_version_one_draft on rules_version (campaign_id) where published_at is null;

comment on column rules_version.minimum_applicable is 'percent of the weight that must apply before a unit is ranked';
comment on column rules_version.grace_days is 'days a missing figure is waited for before its policy applies';
comment on column rules_version.bands is '[{"code":"excellent","from":90,"name_vi":"Xuất sắc","name_en":"Excellent"}, …], highest first';

create table indicator (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  code text not null check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ordinal integer not null,
  unique (campaign_id, code),
  unique (id, campaign_id)
);

create table indicator_version (
  id integer generated always as identity primary key,
  indicator_id integer not null references indicator (id),
  rules_version_id integer not null references rules_version (id) on delete cascade,
  name_vi text not null check (name_vi <> ''),
  name_en text not null check (name_en <> ''),
  form text not null check (form in ('ratio', 'count', 'level', 'task')),
  kind text not null check (kind in ('flow', 'stock', 'cumulative', 'distinct', 'level', 'task')),
  cadence text not null default 'daily' check (cadence in ('daily', 'weekly', 'monthly', 'once')),
  numerator_vi text not null default '',
  numerator_en text not null default '',
  denominator_vi text,
  denominator_en text,
  measure_vi text not null default '',
  measure_en text not null default '',
  denominator_measure_vi text,
  direction text not null default 'higher' check (direction in ('higher', 'lower')),
  decimals integer not null default 2 check (decimals between 0 and 6),
  maximum numeric check (maximum > 0),
  baseline_numerator bigint check (baseline_numerator >= 0),
  baseline_denominator bigint check (baseline_denominator >= 0),
  baseline numeric,
  target numeric,
  target_operator text not null default '>=' check (target_operator in ('>=', '>', '<=', '<', '=')),
  target_due_on date,
  target_path text not null default 'linear' check (target_path in ('linear', 'stepped', 'milestones')),
  curve text not null default 'threshold' check (curve in ('threshold', 'gap-closed', 'steps', 'manual')),
  curve_steps jsonb not null default '[]' check (jsonb_typeof(curve_steps) = 'array'),
  bonus_cap numeric not null default 1 check (bonus_cap >= 1),
  minimum_denominator integer not null default 0 check (minimum_denominator >= 0),
  on_not_applicable text not null default 'exempt' check (on_not_applicable in ('exempt', 'zero', 'full', 'spread')),
  on_no_cases text not null default 'exempt' check (on_no_cases in ('exempt', 'zero', 'full', 'spread', 'pool', 'carry')),
  on_few_cases text not null default 'shrink' check (on_few_cases in ('shrink', 'raw', 'exempt', 'zero', 'full', 'spread', 'pool', 'carry')),
  on_missing text not null default 'zero' check (on_missing in ('exempt', 'zero', 'full', 'spread', 'pool', 'carry')),
  family text,
  legal_basis text,
  unique (indicator_id, rules_version_id),
  unique (id, rules_version_id),
  check (form <> 'ratio' or (denominator_vi is not null and denominator_en is not null)),
  check ((form = 'level') = (kind = 'level') and (form = 'task') = (kind = 'task')),
  check (baseline_numerator <= baseline_denominator)
);
create index indicator_version_rules on indicator_version (rules_version_id);

comment on column indicator_version.form is 'ratio: numerator over denominator; count: numerator alone; level: a judged value; task: share of tasks done';
comment on column indicator_version.kind is 'how both numbers add: flow add/add, stock last/add, cumulative increments/add, distinct own value, level last, task';
comment on column indicator_version.family is 'indicators of the same family share a weight that "spread" may move between them';
comment on column indicator_version.curve_steps is '[{"from":80,"points":100},{"from":50,"points":60}], points in percent of the weight';
comment on column indicator_version.maximum is 'highest possible value of a level, e.g. 15 points';

create table indicator_weight (
  indicator_version_id integer not null references indicator_version (id) on delete cascade,
  group_id integer not null references campaign_group (id),
  weight numeric(9, 4) not null check (weight > 0),
  primary key (indicator_version_id, group_id)
);

create table indicator_start (
  indicator_version_id integer not null references indicator_version (id) on delete cascade,
  unit_id integer not null references unit (id),
  numerator bigint check (numerator >= 0),
  denominator bigint check (denominator >= 0),
  baseline numeric,
  target numeric,
  primary key (indicator_version_id, unit_id),
  check (numerator <= denominator)
);

create table milestone (
  indicator_version_id integer not null references indicator_version (id) on delete cascade,
  due_on date not null,
  value numeric not null,
  primary key (indicator_version_id, due_on)
);

create table exemption (
  id integer generated always as identity primary key,
  indicator_id integer not null references indicator (id),
  unit_id integer not null references unit (id),
  evidence text not null check (evidence <> ''),
  granted_at timestamptz not null,
  granted_by integer references officer (id),
  withdrawn_at timestamptz,
  withdrawn_by integer references officer (id)
);
create unique index exemption_one_open on exemption (indicator_id, unit_id) where withdrawn_at is null;

create table task (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  ordinal integer not null,
  title_vi text not null check (title_vi <> ''),
  title_en text not null check (title_en <> ''),
  owner_unit_id integer references unit (id),
  starts_on date not null,
  due_on date not null,
  weight numeric(9, 4) check (weight > 0),
  added_on date not null,
  dropped_on date check (dropped_on >= added_on),
  dropped_reason text,
  created_by integer references officer (id),
  unique (campaign_id, ordinal),
  check (due_on >= starts_on)
);

create table task_progress (
  id bigint generated always as identity primary key,
  task_id integer not null references task (id),
  happened_on date not null,
  status text not null check (status in ('not-started', 'under-way', 'done')),
  note text,
  recorded_at timestamptz not null,
  recorded_by integer references officer (id)
);
create index task_progress_task on task_progress (task_id, happened_on, id);

create table draw_period (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ordinal integer not null check (ordinal >= 1),
  title_vi text not null,
  title_en text not null,
  starts_at timestamptz not null,
  cutoff_at timestamptz not null check (cutoff_at > starts_at),
  unique (campaign_id, slug),
  unique (campaign_id, ordinal),
  exclude using gist (int4range(campaign_id, campaign_id, '[]') with &&, tstzrange(starts_at, cutoff_at) with &&)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'integrity_constraint_violation';
end $$;

create trigger task_progress_append_only before update or delete on task_progress
  for each row execute function refuse_change();
create trigger task_progress_not_emptied before truncate on task_progress
  for each statement execute function refuse_change();

-- What was published stays as it was published.
create function refuse_change_of_published_rules() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'rules version % of campaign % is published and frozen', old.number, old.campaign_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger rules_version_frozen before update or delete on rules_version
  for each row execute function refuse_change_of_published_rules();

create function refuse_change_under_published_rules() returns trigger language plpgsql as $$
declare
  touched jsonb := to_jsonb(case when tg_op = 'INSERT' then new else old end);
  version integer := coalesce(
    (touched ->> 'rules_version_id')::integer,
    (select rules_version_id from indicator_version where id = (touched ->> 'indicator_version_id')::integer));
begin
  if exists (select 1 from rules_version where id = version and published_at is not null) then
    raise exception 'the rules version of this % is published and frozen', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger indicator_version_frozen before insert or update or delete on indicator_version
  for each row execute function refuse_change_under_published_rules();
create trigger indicator_weight_frozen before insert or update or delete on indicator_weight
  for each row execute function refuse_change_under_published_rules();
create trigger indicator_start_frozen before insert or update or delete on indicator_start
  for each row execute function refuse_change_under_published_rules();
create trigger milestone_frozen before insert or update or delete on milestone
  for each row execute function refuse_change_under_published_rules();
