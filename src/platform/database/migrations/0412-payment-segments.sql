-- Payments in segments
-- --------------------
-- The payments of a promotion stand in segments of numbers, 2^25 each: payment_12_0 and so on under payment_12. A file that
-- is large beside what is there fills a segment of its own, loaded bare and indexed afterwards. Tables of before become the
-- first segment.

do $$
declare
  held record;
  upper bigint;
begin
  for held in
    select t.relname as name, t.promotion, k.conname as rule
    from (select c.oid, c.relname, substring(c.relname from '\d+$')::integer as promotion
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = 'payment'::regclass and c.relkind = 'r') t
    join pg_constraint k on k.conrelid = t.oid and pg_get_constraintdef(k.oid) = format('CHECK ((promotion_id = %s))', t.promotion)
  loop
    execute format('select (coalesce(max(id), 0) / 33554432 + 1) * 33554432 from %I', held.name) into upper;
    execute format('alter table payment detach partition %I', held.name);
    execute format('alter table %I rename to %I', held.name, held.name || '_0');
    execute format(
      'create table %I (like payment including defaults including constraints, constraint %I check (promotion_id = %s)) partition by range (id)',
      held.name, held.rule, held.promotion);
    execute format('alter table %I attach partition %I for values from (0) to (%s)', held.name, held.name || '_0', upper);
    execute format('alter table payment attach partition %I for values in (%s)', held.name, held.promotion);
  end loop;
end $$;
