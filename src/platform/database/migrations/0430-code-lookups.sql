-- Tries to look a code up, by keyed fingerprint: four digits can be guessed, so tries are counted per address and per code.
create table code_lookup (
  id bigint generated always as identity primary key,
  subject_mark bytea not null check (length(subject_mark) = 32),
  address_mark bytea not null check (length(address_mark) = 32),
  at timestamptz not null,
  failed boolean not null default true
);
create index code_lookup_subject on code_lookup (subject_mark, at) where failed;
create index code_lookup_address on code_lookup (address_mark, at);
create index code_lookup_age on code_lookup (at);
