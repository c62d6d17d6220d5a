-- Readings
-- --------
--   reading_batch   one act of handing in: a file, a grid, a call of the API, a derivation
--   reading         one unit, one indicator, one half-open window of days, and its numbers. Append-only: the figures of a
--                   row never change; a correction is a new row that names the one it supersedes, and why.
--                   Only the marks move, and only forward: submitted -> approved or returned; approved <-> disputed.
--                   recorded_at  when it came in
--                   approved_at  from when on it counts (never taken back)
--                   replaced_at  from when on a later approved reading of the same cell counts instead
--                   What counted, as known at an instant k:  approved_at <= k and (replaced_at is null or replaced_at > k)
--   reading_mark    who submitted, checked, approved, returned, disputed it, when and why (append-only)
--   reading_draft   half-typed cells of the grid; they are nobody's figures yet and may be overwritten
--   reading_evidence / evidence_file  what proves it
--   lock_exception  days reopened after the lock, with reason and end
--
-- numerator/denominator: ratio. numerator alone: count. value alone: level, or a percent whose denominator is unknown
-- (never added up). withdrawn: the cell is empty again. Zero is a number; missing is no row.

create table reading_batch (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  source text not null check (source in ('typed', 'file', 'api', 'derived')),
  file_name text,
  file_sha256 text check (file_sha256 ~ '^[0-9a-f]{64}$'),
  layout jsonb not null default '{}',
  recorded_at timestamptz not null,
  recorded_by integer references officer (id),
  added integer not null default 0 check (added >= 0),
  corrected integer not null default 0 check (corrected >= 0),
  unchanged integer not null default 0 check (unchanged >= 0)
);
create index reading_batch_campaign on reading_batch (campaign_id, recorded_at);

create table reading (
  id bigint generated always as identity primary key,
  batch_id integer not null references reading_batch (id),
  campaign_id integer not null,
  indicator_id integer not null,
  unit_id integer not null references unit (id),
  from_on date not null,
  to_on date not null check (to_on > from_on),
  numerator bigint check (numerator >= 0),
  denominator bigint check (denominator >= 0),
  value numeric check (value >= 0),
  withdrawn boolean not null default false,
  source text not null check (source in ('typed', 'file', 'api', 'derived')),
  state text not null default 'submitted' check (state in ('submitted', 'checked', 'approved', 'disputed', 'returned')),
  recorded_at timestamptz not null,
  recorded_by integer references officer (id),
  approved_at timestamptz,
  replaced_at timestamptz,
  supersedes_id bigint references reading (id) check (supersedes_id < id),
  reason text,
  foreign key (indicator_id, campaign_id) references indicator (id, campaign_id),
  check (numerator <= denominator),
  check (denominator is null or numerator is not null),
  check (withdrawn = (numerator is null and value is null)),
  check (supersedes_id is null or reason is not null),
  check ((state in ('approved', 'disputed')) = (approved_at is not null)),
  check (approved_at >= recorded_at),
  check (replaced_at >= approved_at)
);
-- One first reading per cell, one correction per reading: two officers on one cell cannot both win.
create unique index reading_one_first on reading (indicator_id, unit_id, from_on, to_on, (source = 'derived'))
  where supersedes_id is null and state <> 'returned';
create unique index reading_one_correction on reading (supersedes_id) where supersedes_id is not null and state <> 'returned';
-- At most one reading of a cell counts at present.
create unique index reading_one_current on reading (indicator_id, unit_id, from_on, to_on, (source = 'derived'))
  where approved_at is not null and replaced_at is null;
create index reading_waiting on reading (campaign_id, unit_id) where state in ('submitted', 'checked', 'disputed');
create index reading_by_approval on reading (campaign_id, approved_at);
create index reading_by_unit on reading (unit_id, indicator_id, from_on);

create table reading_mark (
  id bigint generated always as identity primary key,
  reading_id bigint not null references reading (id),
  state text not null check (state in ('checked', 'approved', 'disputed', 'returned')),
  marked_at timestamptz not null,
  marked_by integer references officer (id),
  reason text,
  check (state not in ('disputed', 'returned') or reason is not null)
);
create index reading_mark_reading on reading_mark (reading_id);

create table reading_draft (
  campaign_id integer not null,
  indicator_id integer not null,
  unit_id integer not null references unit (id),
  day date not null,
  numerator text not null default '',
  denominator text not null default '',
  value text not null default '',
  revision integer not null default 1,
  saved_at timestamptz not null,
  saved_by integer references officer (id),
  primary key (indicator_id, unit_id, day),
  foreign key (indicator_id, campaign_id) references indicator (id, campaign_id)
);

create table evidence_file (
  id integer generated always as identity primary key,
  sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
  name text not null,
  media_type text not null,
  content bytea not null check (octet_length(content) <= 20971520),
  uploaded_at timestamptz not null,
  uploaded_by integer references officer (id)
);

create table reading_evidence (
  reading_id bigint not null references reading (id),
  evidence_file_id integer not null references evidence_file (id),
  attached_at timestamptz not null,
  attached_by integer references officer (id),
  primary key (reading_id, evidence_file_id)
);

create table lock_exception (
  id integer generated always as identity primary key,
  campaign_id integer not null references campaign (id),
  unit_id integer references unit (id),
  from_on date not null,
  to_on date not null check (to_on > from_on),
  open_until timestamptz not null,
  reason text not null check (reason <> ''),
  granted_at timestamptz not null,
  granted_by integer references officer (id)
);
create index lock_exception_campaign on lock_exception (campaign_id);

comment on column lock_exception.unit_id is 'null: every unit of the campaign';

create function refuse_change_of_figures() returns trigger language plpgsql as $$
begin
  if (new.id, new.batch_id, new.campaign_id, new.indicator_id, new.unit_id, new.from_on, new.to_on, new.withdrawn, new.source, new.recorded_at)
       is distinct from
     (old.id, old.batch_id, old.campaign_id, old.indicator_id, old.unit_id, old.from_on, old.to_on, old.withdrawn, old.source, old.recorded_at)
     or (new.numerator, new.denominator, new.value, new.recorded_by, new.supersedes_id, new.reason)
       is distinct from
        (old.numerator, old.denominator, old.value, old.recorded_by, old.supersedes_id, old.reason)
  then
    raise exception 'reading % is append-only: a correction is a new reading', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if (old.approved_at is not null and new.approved_at is distinct from old.approved_at)
     or (old.replaced_at is not null and new.replaced_at is distinct from old.replaced_at)
     or old.state = 'returned'
     or (old.state in ('approved', 'disputed') and new.state not in ('approved', 'disputed'))
  then
    raise exception 'reading %: the marks of a reading only move forward', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger reading_figures_stay before update on reading
  for each row execute function refuse_change_of_figures();
create trigger reading_append_only before delete on reading
  for each row execute function refuse_change();
create trigger reading_not_emptied before truncate on reading
  for each statement execute function refuse_change();
create trigger reading_mark_append_only before update or delete on reading_mark
  for each row execute function refuse_change();
create trigger reading_mark_not_emptied before truncate on reading_mark
  for each statement execute function refuse_change();
