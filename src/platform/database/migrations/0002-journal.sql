-- The journal of official acts: append-only, each entry chained to the one before it.

create table journal_entry (
  -- Counted without gaps from 1, by the head below: a number that is missing was removed.
  id bigint primary key check (id > 0),
  at timestamptz not null,
  officer_id integer references officer (id),
  act text not null check (act ~ '^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$'),
  subject text not null check (length(subject) between 1 and 200),
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  previous_hash bytea not null unique check (length(previous_hash) = 32),
  hash bytea not null unique check (length(hash) = 32)
);
create index journal_entry_act on journal_entry (act text_pattern_ops, id);
create index journal_entry_subject on journal_entry (subject text_pattern_ops, id);
create index journal_entry_officer on journal_entry (officer_id, id);
create index journal_entry_at on journal_entry (at, id);

-- One row: how many entries there are and the hash of the last. Whoever appends holds its lock until the end of the transaction.
create table journal_head (
  single boolean primary key default true check (single),
  size bigint not null check (size >= 0),
  hash bytea not null check (length(hash) = 32)
);
insert into journal_head (size, hash) values (0, decode(repeat('00', 32), 'hex'));

-- What the operator signed about the journal, to be kept elsewhere too: the chain up to `size` ended in `hash`.
create table journal_checkpoint (
  id integer generated always as identity primary key,
  size bigint not null unique references journal_entry (id),
  hash bytea not null check (length(hash) = 32),
  at timestamptz not null,
  note text not null
);

create function journal_refuses_change() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create trigger journal_entry_append_only before update or delete on journal_entry
  for each row execute function journal_refuses_change();
create trigger journal_entry_no_truncate before truncate on journal_entry
  for each statement execute function journal_refuses_change();
create trigger journal_checkpoint_append_only before update or delete on journal_checkpoint
  for each row execute function journal_refuses_change();
create trigger journal_checkpoint_no_truncate before truncate on journal_checkpoint
  for each statement execute function journal_refuses_change();
create trigger journal_head_stays before insert or delete on journal_head
  for each row execute function journal_refuses_change();
create trigger journal_head_no_truncate before truncate on journal_head
  for each statement execute function journal_refuses_change();

-- An entry continues the head, and the head moves only to an entry that exists.
create function journal_entry_continues() returns trigger language plpgsql as $$
declare head journal_head;
begin
  select * into head from journal_head for update;
  if new.id <> head.size + 1 or new.previous_hash <> head.hash then
    raise exception 'journal entry % does not continue entry %', new.id, head.size
      using errcode = 'integrity_constraint_violation';
  end if;
  update journal_head set size = new.id, hash = new.hash;
  return null;
end $$;
create trigger journal_entry_continues after insert on journal_entry
  for each row execute function journal_entry_continues();

create function journal_head_follows() returns trigger language plpgsql as $$
begin
  if new.size <> old.size + 1
    or not exists (select from journal_entry e where e.id = new.size and e.hash = new.hash) then
    raise exception 'the head of the journal only follows its entries'
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger journal_head_follows before update on journal_head
  for each row execute function journal_head_follows();
