-- Payments in
-- -----------
--   api_key          a partner's key: shown once, kept as a hash, for one promotion, revocable
--   import_batch     one file or one posted batch, its counts, how far it is, how it ended. Its rows become visible in one
--                    transaction, in which it becomes 'done'. position: order of commit, which is the order of issue.
--   batch_request    the answer a partner got for an Idempotency-Key
--   payer            who paid: matched by keyed fingerprint, clear data sealed
--   payment          every row that could be read, payments and reversals, never deleted. refusals: a sum of bits, the
--                    closed list of rules/eligibility (0: earns entries). One partition per promotion.
--   quarantined_row  a row that could not be read, with all its findings; corrected by a later batch, never dropped
--   payment_conflict a second arrival that says something else than the first: a person decides
--   tally            the equation per paid day and period: first what a batch brought, then what re-evaluation changed
--   digest           what the partner says it sent for a day
--   clear_reading    who read clear personal data, when, for what
--
-- payer, payment and entry are written a million rows at a time. Their numbers come from the ledger in promotion, and their
-- references to one another are checked by one query per batch inside its transaction, instead of by a trigger per row.
-- Indexes stand on the partitions: the first batch of a promotion loads a bare table, indexes it and attaches it.

create table api_key (
  id integer generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  organisation_id integer not null references organisation (id),
  source_id integer not null references payment_source (id),
  title text not null check (title <> ''),
  prefix text not null unique check (prefix ~ '^[a-z0-9]{8}$'),
  hash bytea not null unique check (length(hash) = 32),
  -- Sealed secret that signs webhooks; without it the key itself is sent.
  webhook_secret bytea,
  created_at timestamptz not null,
  created_by integer references officer (id),
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by integer references officer (id),
  check ((revoked_at is null) = (revoked_by is null))
);
create index api_key_promotion on api_key (promotion_id);

create table import_batch (
  id integer generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  source_id integer not null references payment_source (id),
  profile text not null references import_profile (code),
  via text not null check (via in ('upload', 'command', 'interface', 'webhook', 'correction')),
  file_name text not null check (file_name <> ''),
  file_sha256 bytea not null check (length(file_sha256) = 32),
  file_bytes bigint not null check (file_bytes >= 0),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'refused', 'failed', 'cancelled')),
  organisation_id integer references organisation (id),
  received_at timestamptz not null,
  received_by integer references officer (id),
  api_key_id integer references api_key (id),
  corrects_id integer references import_batch (id),
  started_at timestamptz,
  finished_at timestamptz,
  cancel_asked_at timestamptz,
  cancel_asked_by integer references officer (id),
  read_bytes bigint not null default 0,
  read_rows integer not null default 0,
  progress_at timestamptz,
  attempts integer not null default 0,
  fault jsonb,
  position integer check (position >= 1),
  received integer not null default 0,
  eligible integer not null default 0,
  refused integer not null default 0,
  quarantined integer not null default 0,
  duplicate integer not null default 0,
  conflicting integer not null default 0 check (conflicting <= quarantined),
  passed_over integer not null default 0,
  entries integer not null default 0,
  amount bigint not null default 0,
  unique (promotion_id, position),
  check (received = eligible + refused + quarantined + duplicate),
  check ((state = 'done') = (position is not null))
);
create unique index import_batch_same_file on import_batch (promotion_id, file_sha256)
  where state in ('waiting', 'running', 'done');
create index import_batch_state on import_batch (state) where state in ('waiting', 'running');
comment on column import_batch.passed_over is 'lines of a statement that are no payments: titles, repeated headers, totals, money going out';
comment on column import_batch.conflicting is 'of the quarantined: rows that contradict a payment we already have';

create table batch_request (
  api_key_id integer not null references api_key (id),
  idempotency_key text not null check (length(idempotency_key) between 1 and 200),
  body_sha256 bytea not null check (length(body_sha256) = 32),
  batch_id integer not null references import_batch (id),
  at timestamptz not null,
  primary key (api_key_id, idempotency_key)
);

create table payer (
  promotion_id integer not null,
  id bigint not null check (id > 0),
  kind text not null check (kind in ('person', 'business')),
  identity_mark bytea not null check (length(identity_mark) = 32),
  phone_mark bytea check (length(phone_mark) = 32),
  sealed bytea not null
) partition by list (promotion_id);

create table payment (
  promotion_id integer not null,
  id bigint not null check (id > 0),
  payer_id bigint not null,
  amount bigint not null check (amount > 0),
  reversed bigint not null default 0 check (reversed >= 0),
  paid_at timestamptz not null,
  batch_id integer not null,
  row_number integer not null,
  source_id integer not null,
  refusals integer not null check (refusals >= 0),
  wanted integer not null default 0 check (wanted >= 0),
  period integer,
  revision integer not null default 1 check (revision >= 1),
  kind text not null check (kind in ('payment', 'reversal')),
  status text not null check (status in ('settled', 'pending', 'failed')),
  source_ref text collate "C" not null check (source_ref <> ''),
  dossier_code text,
  procedure_code text not null,
  unit_code text not null,
  channel text not null,
  method text not null,
  bank_ref text,
  reverses_ref text collate "C",
  reverses_id bigint,
  check ((kind = 'reversal') = (reverses_ref is not null))
) partition by list (promotion_id);
comment on column payment.period is 'ordinal of the draw period it counts in; null: in none';
comment on column payment.reversed is 'sum of the reversals linked to it';

create table quarantined_row (
  id bigint generated always as identity primary key,
  batch_id integer not null references import_batch (id),
  row_number integer not null check (row_number >= 1),
  codes text[] not null check (cardinality(codes) > 0),
  columns text[] not null,
  day date,
  period integer,
  sealed bytea not null,
  corrected_by integer references import_batch (id),
  corrected_at timestamptz,
  unique (batch_id, row_number),
  check ((corrected_by is null) = (corrected_at is null))
);

create table payment_conflict (
  id bigint generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  batch_id integer not null references import_batch (id),
  row_number integer not null,
  payment_id bigint not null,
  differs text[] not null check (differs <@ array['amount', 'payer', 'paid_at', 'status', 'reverses']),
  day date not null,
  period integer,
  sealed bytea not null,
  decision text check (decision in ('keep', 'replace')),
  decided_at timestamptz,
  decided_by integer references officer (id),
  reason text,
  unique (batch_id, row_number),
  check ((decision is null) = (decided_at is null) and (decision is null) = (reason is null))
);
create index payment_conflict_open on payment_conflict (promotion_id) where decision is null;

create table tally (
  id bigint generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  batch_id integer references import_batch (id),
  day date,
  period integer,
  received integer not null default 0,
  eligible integer not null default 0,
  refused integer not null default 0,
  quarantined integer not null default 0,
  duplicate integer not null default 0,
  amount bigint not null default 0,
  issued integer not null default 0,
  voided integer not null default 0,
  at timestamptz not null,
  check (received = eligible + refused + quarantined + duplicate)
);
create index tally_promotion on tally (promotion_id, day);
create trigger tally_append_only before update or delete on tally for each row execute function refuse_change();
create trigger tally_not_emptied before truncate on tally for each statement execute function refuse_change();
comment on column tally.day is 'local day of payment; null: the row could not be read that far';
comment on column tally.amount is 'payments less reversals, whole đồng, of the eligible and refused rows';

create table digest (
  id integer generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  source_id integer not null references payment_source (id),
  day date not null,
  revision integer not null check (revision >= 1),
  count integer not null check (count >= 0),
  amount bigint not null,
  file_sha256 bytea check (length(file_sha256) = 32),
  signature bytea check (length(signature) = 64),
  sent_by integer references officer (id),
  received_at timestamptz not null,
  unique (promotion_id, source_id, day, revision),
  check (signature is not null or sent_by is not null)
);
create trigger digest_append_only before update or delete on digest for each row execute function refuse_change();

create table clear_reading (
  id bigint generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  payer_id bigint not null,
  officer_id integer references officer (id),
  purpose text not null check (purpose <> ''),
  at timestamptz not null
);
create index clear_reading_payer on clear_reading (promotion_id, payer_id);
create trigger clear_reading_append_only before update or delete on clear_reading for each row execute function refuse_change();
