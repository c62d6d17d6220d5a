-- Draws
-- -----
--   draw              one draw of a period, under a name that is never used again. One that became void is followed by another
--                     that names it. What it is to be (with prize and draw_source) can change until the rules are published.
--   draw_act          the states it reached, one row each, by whom and when; never changed, never out of order (triggers).
--                     replacement 0 is the draw itself, 1, 2, … its replacement draws, which start at 'rules-published'
--   draw_document     rules, addendum, result: the exact canonical text that was published, and its hash
--   draw_secret       sealed; every person's salt on this list is made from it. Deleted when personal data are.
--   frozen_list       the checkpoint of the closed list; frozen_part: the list itself, the bytes of entries.csv in pieces
--   witness_key       a public key under which an organisation witnesses; sealed is null when it is kept elsewhere
--   cosignature       a witness's signature under the checkpoint, one per organisation
--   objection         somebody says that a code should not be on the list; objection_decision: what was decided and why
--   strike            an entry found ineligible after the freeze, proposed by one officer, decided by one of another organisation
--   source_reading    what one officer typed; source_value: what two typed alike, or a program fetched and checked
--   recomputation     the result computed once more by other means
--   certification     an officer compared the result; one per organisation
--   void_proposal     why a draw should become void; after the freeze another organisation must agree
--   hall_cue          what the host let the screens in the hall show
--   legal_parameter   numbers the law sets, each from a day on, with its basis

create table draw (
  id integer generated always as identity primary key,
  draw_period_id integer not null references draw_period (id),
  number integer not null check (number >= 1),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$'),
  supersedes_id integer unique references draw (id) check (supersedes_id <> id),
  title text not null check (title <> ''),
  organizer text not null check (organizer <> ''),
  registration_ref text,
  place text,
  draws_at timestamptz not null,
  method text not null default 'ticket' check (method in ('ticket', 'seedrandom', 'cage')),
  wins_per_holder integer check (wins_per_holder >= 1),
  witnesses_wanted integer not null check (witnesses_wanted >= 1),
  objection_days integer not null check (objection_days between 0 and 60),
  beacon_margin integer not null default 600 check (beacon_margin >= 0),
  planned_at timestamptz not null,
  planned_by integer references officer (id),
  unique (draw_period_id, number),
  check ((number = 1) = (supersedes_id is null))
);
comment on column draw.beacon_margin is 'seconds between the last needed cosignature and a beacon round';

create table prize (
  draw_id integer not null references draw (id),
  code text not null check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ordinal integer not null check (ordinal >= 1),
  name_vi text not null check (name_vi <> ''),
  name_en text not null check (name_en <> ''),
  quantity integer not null check (quantity >= 1),
  value bigint not null check (value >= 0),
  primary key (draw_id, code),
  unique (draw_id, ordinal)
);
comment on column prize.ordinal is 'order in which the prizes are drawn: smallest first by custom';

create table draw_act (
  draw_id integer not null references draw (id),
  replacement integer not null default 0 check (replacement >= 0),
  state text not null check (state in ('rules-published', 'objections-open', 'frozen', 'witnessed', 'sources-complete',
    'drawn', 'certified', 'published', 'void')),
  at timestamptz not null,
  officer_id integer references officer (id),
  reason text,
  primary key (draw_id, replacement, state),
  check (state <> 'void' or (replacement = 0 and reason <> ''))
);

create table draw_document (
  draw_id integer not null references draw (id),
  replacement integer not null default 0 check (replacement >= 0),
  kind text not null check (kind in ('rules', 'addendum', 'result')),
  body text not null,
  hash bytea not null check (length(hash) = 32),
  at timestamptz not null,
  primary key (draw_id, replacement, kind),
  check ((kind <> 'rules' or replacement = 0) and (kind <> 'addendum' or replacement > 0))
);

create table draw_secret (
  draw_id integer primary key references draw (id),
  sealed bytea not null
);

create table frozen_list (
  draw_id integer primary key references draw (id),
  size integer not null check (size >= 1),
  root bytea not null check (length(root) = 32),
  groups bytea not null,
  body text not null,
  note text not null,
  operator_key text not null,
  completeness jsonb not null,
  at timestamptz not null
);
comment on column frozen_list.groups is 'Merkle roots over every 256 entries';
comment on column frozen_list.note is 'the checkpoint with the signature of the operator; cosignatures are rows of their own';

create table frozen_part (
  draw_id integer not null references draw (id),
  ordinal integer not null check (ordinal >= 0),
  bytes bytea not null,
  primary key (draw_id, ordinal)
);

create table witness_key (
  id integer generated always as identity primary key,
  organisation_id integer not null references organisation (id),
  officer_id integer not null references officer (id),
  name text not null unique check (name ~ '^[^\s+]{3,100}$'),
  public_key bytea not null unique check (length(public_key) = 32),
  sealed bytea,
  registered_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by integer references officer (id)
);
create unique index witness_key_one_kept_here on witness_key (officer_id) where sealed is not null and withdrawn_at is null;

create table cosignature (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  witness_key_id integer not null references witness_key (id),
  organisation_id integer not null references organisation (id),
  officer_id integer not null references officer (id),
  line text not null,
  signed_at timestamptz not null,
  at timestamptz not null,
  unique (draw_id, organisation_id)
);

create table draw_source (
  draw_id integer not null references draw (id),
  replacement integer not null default 0 check (replacement >= 0),
  code text not null check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ordinal integer not null check (ordinal >= 1),
  kind text not null check (kind in ('drand', 'witness', 'commitment')),
  chain text check (chain ~ '^[0-9a-f]{64}$'),
  round bigint check (round >= 1),
  description text,
  pattern text,
  commitment text check (commitment ~ '^[0-9a-f]{64}$'),
  organisation_id integer references organisation (id),
  primary key (draw_id, replacement, code),
  unique (draw_id, replacement, ordinal),
  check ((kind = 'drand') = (chain is not null) and (kind = 'drand') = (round is not null)),
  check ((kind = 'witness') = (pattern is not null) and (kind = 'witness') = (description is not null)),
  check ((kind = 'commitment') = (commitment is not null))
);

create table source_reading (
  id integer generated always as identity primary key,
  draw_id integer not null,
  replacement integer not null,
  source text not null,
  attempt integer not null check (attempt >= 1),
  officer_id integer not null references officer (id),
  value text not null,
  at timestamptz not null,
  unique (draw_id, replacement, source, attempt, officer_id),
  foreign key (draw_id, replacement, source) references draw_source (draw_id, replacement, code)
);

create table source_value (
  draw_id integer not null,
  replacement integer not null,
  source text not null,
  value text not null,
  randomness text,
  at timestamptz not null,
  officers integer[] not null,
  offices text[] not null,
  primary key (draw_id, replacement, source),
  foreign key (draw_id, replacement, source) references draw_source (draw_id, replacement, code)
);

create table objection (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  code text not null,
  reason text not null check (length(reason) between 5 and 2000),
  sealed bytea,
  filed_at timestamptz not null,
  filed_by integer references officer (id)
);
create index objection_draw on objection (draw_id, id);
comment on column objection.sealed is 'how to reach a citizen who filed it';

create table objection_decision (
  objection_id integer primary key references objection (id),
  decision text not null check (decision in ('upheld', 'rejected')),
  reason text not null check (length(reason) >= 5),
  at timestamptz not null,
  officer_id integer not null references officer (id)
);

create table strike (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  replacement integer not null default 0 check (replacement >= 0),
  code text not null,
  reason text not null check (length(reason) >= 5),
  proposed_at timestamptz not null,
  proposed_by integer not null references officer (id),
  unique (draw_id, code, replacement)
);

create table strike_decision (
  strike_id integer primary key references strike (id),
  decision text not null check (decision in ('confirmed', 'rejected')),
  at timestamptz not null,
  officer_id integer not null references officer (id)
);

create table recomputation (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  replacement integer not null,
  by_means text not null check (by_means in ('python', 'second-walk')),
  findings jsonb not null,
  agrees boolean not null check (agrees = (findings = '[]'::jsonb)),
  at timestamptz not null,
  officer_id integer references officer (id)
);
create unique index recomputation_agrees_once on recomputation (draw_id, replacement) where agrees;

create table certification (
  draw_id integer not null references draw (id),
  replacement integer not null,
  officer_id integer not null references officer (id),
  organisation_id integer not null references organisation (id),
  result_hash bytea not null check (length(result_hash) = 32),
  at timestamptz not null,
  primary key (draw_id, replacement, officer_id),
  unique (draw_id, replacement, organisation_id)
);

create table void_proposal (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  reason text not null check (length(reason) >= 5),
  at timestamptz not null,
  officer_id integer not null references officer (id)
);

create table hall_cue (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  replacement integer not null,
  shown integer not null check (shown >= 0),
  paused boolean not null default false,
  at timestamptz not null,
  officer_id integer not null references officer (id)
);
create index hall_cue_last on hall_cue (draw_id, replacement, id desc);
comment on column hall_cue.shown is 'how many digits of the winning codes the screens show, counted through all prizes';

create table legal_parameter (
  name text not null check (name in ('tax-threshold', 'tax-rate', 'award-days', 'report-days', 'budget-percent', 'certify-days')),
  valid_from date not null,
  value bigint not null,
  basis_vi text not null,
  basis_en text not null,
  primary key (name, valid_from)
);
insert into legal_parameter (name, valid_from, value, basis_vi, basis_en) values
  ('tax-threshold', '2009-01-01', 10000000, 'Luật Thuế thu nhập cá nhân (văn bản hợp nhất 112/VBHN-VPQH), Điều 15',
    'Personal income tax law (consolidated text 112/VBHN-VPQH), Article 15'),
  ('tax-threshold', '2026-07-01', 20000000, 'Luật Thuế thu nhập cá nhân 109/2025/QH15, Điều 15', 'Personal income tax law 109/2025/QH15, Article 15'),
  ('tax-rate', '2009-01-01', 10, 'Luật Thuế thu nhập cá nhân, Điều 23', 'Personal income tax law, Article 23'),
  ('award-days', '2018-07-15', 45, 'Thể lệ chương trình; Nghị định 81/2018/NĐ-CP', 'Programme rules; Decree 81/2018/NĐ-CP'),
  ('report-days', '2018-07-15', 45, 'Nghị định 81/2018/NĐ-CP: trong 45 ngày sau thời hạn trao thưởng',
    'Decree 81/2018/NĐ-CP: within 45 days after the award deadline'),
  ('budget-percent', '2006-01-01', 50, 'Luật Thương mại 2005, Điều 96 khoản 4', 'Commercial law 2005, Article 96.4'),
  ('certify-days', '2018-07-15', 3, 'Quy chế của Ban tổ chức', 'Rules of the organiser');

-- A state follows the one before it, once, and nothing follows 'void'.
create function draw_act_in_order() returns trigger language plpgsql as $$
declare
  main text[] := array['rules-published', 'objections-open', 'frozen', 'witnessed', 'sources-complete', 'drawn', 'certified', 'published'];
  steps text[] := case when new.replacement = 0 then main
    else array['rules-published', 'sources-complete', 'drawn', 'certified', 'published'] end;
  before text := steps[array_position(steps, new.state) - 1];
begin
  if exists (select from draw_act where draw_id = new.draw_id and state = 'void') then
    raise exception 'draw % is void: % refused', new.draw_id, new.state using errcode = 'integrity_constraint_violation';
  end if;
  if new.state = 'void' then return new; end if;
  if before is null and new.replacement > 0 and not exists (
    select from draw_act where draw_id = new.draw_id and replacement = new.replacement - 1 and state = 'published') then
    raise exception 'replacement % of draw % before the one before is published', new.replacement, new.draw_id
      using errcode = 'integrity_constraint_violation';
  end if;
  if before is not null and not exists (
    select from draw_act where draw_id = new.draw_id and replacement = new.replacement and state = before) then
    raise exception 'draw % is not %: % refused', new.draw_id, before, new.state using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger draw_act_in_order before insert on draw_act for each row execute function draw_act_in_order();

-- What was published stays as it was published.
create function refuse_change_of_published_draw() returns trigger language plpgsql as $$
declare
  touched jsonb := to_jsonb(case when tg_op = 'INSERT' then new else old end);
  draw integer := coalesce(touched ->> 'draw_id', touched ->> 'id')::integer;
  round integer := coalesce((touched ->> 'replacement')::integer, 0);
begin
  if exists (select from draw_act a where a.draw_id = draw and a.replacement = round) then
    raise exception 'the rules of draw % are published: % on % refused', draw, tg_op, tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger draw_fixed before update or delete on draw for each row execute function refuse_change_of_published_draw();
create trigger prize_fixed before insert or update or delete on prize for each row execute function refuse_change_of_published_draw();
create trigger draw_source_fixed before insert or update or delete on draw_source
  for each row execute function refuse_change_of_published_draw();

do $$
declare name text;
begin
  foreach name in array array['draw_act', 'draw_document', 'frozen_list', 'frozen_part', 'cosignature', 'source_reading', 'source_value',
    'objection_decision', 'strike', 'strike_decision', 'recomputation', 'certification', 'void_proposal', 'hall_cue']
  loop
    execute format('create trigger %I before update or delete on %I for each row execute function refuse_change()',
      name || '_append_only', name);
    execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()',
      name || '_not_emptied', name);
  end loop;
end $$;
