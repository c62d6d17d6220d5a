-- Promotions: their terms, and who sends payments
-- -----------------------------------------------
--   promotion        a campaign of kind promotion, how its codes are written, and the ledger: the last numbers given out.
--                    Whoever imports, re-evaluates or closes a list holds the lock of this row (for no key update).
--   terms            what a payment must be to earn a code: version 1 is what was published first, each later one an
--                    amendment with number and date. A draft is one without published_at; a published one is frozen.
--   payment_source   where references come from: the same reference of two sources is two payments
--   import_profile   how a file of a bank or portal is read
--   list_closing     the list of a draw period was frozen: nothing is issued into it or voided any more
--   exclusion_list, exclusion   who is kept out, known by keyed fingerprint only

create table promotion (
  id integer primary key references campaign (id),
  code_prefix text not null default '' check (code_prefix ~ '^[0-9A-Z]{0,20}$'),
  code_digits integer not null default 5 check (code_digits between 1 and 12),
  code_order text not null default 'sequential' check (code_order in ('sequential', 'shuffled')),
  code_key bytea not null check (length(code_key) = 16),
  last_batch integer not null default 0 check (last_batch >= 0),
  last_payment bigint not null default 0 check (last_payment >= 0),
  last_payer bigint not null default 0 check (last_payer >= 0),
  last_entry bigint not null default 0 check (last_entry >= 0),
  created_at timestamptz not null
);
comment on column promotion.last_entry is 'number of the last code issued; a code is never given out twice, also not after a void';

create function code_format_is_fixed() returns trigger language plpgsql as $$
begin
  if old.last_entry > 0 and (old.code_prefix, old.code_digits, old.code_order, old.code_key)
    is distinct from (new.code_prefix, new.code_digits, new.code_order, new.code_key) then
    raise exception 'codes were issued: their format stays as it is' using errcode = 'integrity_constraint_violation';
  end if;
  if new.last_batch < old.last_batch or new.last_payment < old.last_payment
    or new.last_payer < old.last_payer or new.last_entry < old.last_entry then
    raise exception 'the ledger only counts up' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger promotion_code_format before update on promotion for each row execute function code_format_is_fixed();

create table terms (
  id integer generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  version integer not null check (version >= 1),
  body jsonb not null check (jsonb_typeof(body) = 'object'),
  amendment_ref text,
  decided_on date,
  reason text,
  created_at timestamptz not null,
  created_by integer references officer (id),
  published_at timestamptz,
  published_by integer references officer (id),
  unique (promotion_id, version),
  check (published_at is null or version = 1 or (amendment_ref is not null and decided_on is not null))
);
create unique index terms_one_draft on terms (promotion_id) where published_at is null;

create function refuse_change_of_published_terms() returns trigger language plpgsql as $$
begin
  if old.published_at is not null then
    raise exception 'terms version % are published and frozen', old.version using errcode = 'integrity_constraint_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger terms_frozen before update or delete on terms for each row execute function refuse_change_of_published_terms();

create table payment_source (
  id integer generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null check (name <> ''),
  -- Ed25519 public key that signs daily digests sent by program.
  digest_key bytea check (length(digest_key) = 32)
);
insert into payment_source (code, name) values
  ('portal', 'Cổng dịch vụ công'),
  ('vietcombank', 'Vietcombank'),
  ('bidv', 'BIDV');

create table import_profile (
  code text primary key check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  source_id integer not null references payment_source (id),
  title_vi text not null,
  title_en text not null,
  body jsonb not null check (jsonb_typeof(body) = 'object')
);

create table list_closing (
  draw_period_id integer primary key references draw_period (id),
  closed_at timestamptz not null,
  closed_by integer references officer (id)
);

create table exclusion_list (
  id integer generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  kind text not null check (kind in ('staff', 'vendor', 'relative', 'other')),
  title text not null check (title <> ''),
  added_at timestamptz not null,
  added_by integer references officer (id),
  withdrawn_at timestamptz,
  withdrawn_by integer references officer (id),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index exclusion_list_promotion on exclusion_list (promotion_id);

create table exclusion (
  exclusion_list_id integer not null references exclusion_list (id),
  fingerprint bytea not null check (length(fingerprint) = 32),
  primary key (exclusion_list_id, fingerprint)
);
create index exclusion_fingerprint on exclusion (fingerprint);
