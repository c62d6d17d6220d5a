-- Units through time
-- ------------------
--   unit          the thing that lives on while its code, name, kind or parent change; nothing but an id
--   unit_version  what it was called, and under whom, from valid_from up to but not including valid_to;
--                 no valid_from: since before the oldest list we hold; no valid_to: still so
--   succession    what became of a unit that ended: merged, split, carried on, or its level removed
--   units_on(day) the versions in force on a day: the tree as of that day
--
-- A code is not an identity: 07333 was Lam Cốt, then Lam Sơn, and is Quang Trung today. Join by unit id, and find the
-- unit by (code, day). At any moment a unit has one version, and a code belongs to one unit; both are exclusion
-- constraints, checked at commit so that a whole list can be rewritten in one transaction.
-- Unknown shares of a split stay null: they are never guessed.

create type text_range as range (subtype = text, collation = "C");

create table unit (
  id integer generated always as identity primary key,
  created_at timestamptz not null default now()
);

create table unit_version (
  id integer generated always as identity primary key,
  unit_id integer not null references unit (id),
  code text not null check (code ~ '^[0-9A-Za-z][0-9A-Za-z._-]*$'),
  name text not null check (name <> ''),
  full_name text not null check (full_name <> ''),
  kind text not null check (kind in ('province', 'district', 'commune', 'department', 'agency')),
  type text not null default '',
  parent_id integer references unit (id),
  valid_from date,
  valid_to date,
  legal_basis text,
  name_key text not null,
  full_name_key text not null,
  folded text not null,
  full_folded text not null,
  check (parent_id <> unit_id),
  check (valid_from < valid_to),
  constraint unit_version_one_at_a_time exclude using gist (
    int4range(unit_id, unit_id, '[]') with &&, daterange(valid_from, valid_to) with &&
  ) deferrable initially deferred,
  constraint unit_version_code_belongs_to_one exclude using gist (
    text_range(code, code, '[]') with &&, daterange(valid_from, valid_to) with &&
  ) deferrable initially deferred
);
create index unit_version_unit on unit_version (unit_id, valid_from);
create index unit_version_code on unit_version (code);
create index unit_version_parent on unit_version (parent_id);
create index unit_version_folded on unit_version (folded text_pattern_ops);

comment on column unit_version.type is 'the word in front of the name: Tỉnh, Huyện, Thị trấn, Phường, Sở';
comment on column unit_version.name_key is 'the name for exact matching: case, spaces, tone placement and leading zeros evened out';
comment on column unit_version.folded is 'the name without marks, for searching: "tan yen"';

create table succession (
  id integer generated always as identity primary key,
  from_unit_id integer not null references unit (id),
  to_unit_id integer references unit (id),
  kind text not null check (kind in ('continued', 'merge', 'split', 'level-removed')),
  took_effect_on date not null,
  extent text not null default 'whole' check (extent in
    ('whole', 'unchanged', 'part', 'part-area-only', 'part-area-all-pop', 'part-pop-only', 'part-all-area-no-pop', 'unknown')),
  share numeric(7, 6) check (share between 0 and 1),
  is_primary boolean not null default false,
  legal_basis text,
  check (from_unit_id <> to_unit_id),
  check ((to_unit_id is null) = (kind = 'level-removed')),
  unique nulls not distinct (from_unit_id, to_unit_id, took_effect_on)
);
create index succession_to on succession (to_unit_id);
create unique index succession_one_primary on succession (from_unit_id, took_effect_on) where is_primary;

comment on column succession.share is 'share of the people that went there; null where nobody fixed it';

create function units_on(day date) returns setof unit_version language sql stable as $$
  select * from unit_version where daterange(valid_from, valid_to) @> day
$$;
