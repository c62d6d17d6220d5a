-- Codes by payment
-- ----------------
-- Codes of a person are found by way of the payments: one index less to write for every code. Those that were voided, which
-- are few, stand in an index of their own.

do $$
declare
  held record;
begin
  for held in
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'entry'::regclass
  loop
    execute format('create index %I on %I (payment_id) where voided_at is not null', held.name || '_voided', held.name);
    execute format('drop index %I', held.name || '_payer');
  end loop;
end $$;
