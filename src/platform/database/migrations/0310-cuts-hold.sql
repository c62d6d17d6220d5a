-- What was published, or frozen, as known at an instant must never gain a reading of an earlier instant: an approval
-- that was begun before the cut and is written after it counts from just after the cut.

create function last_cut(campaign integer) returns timestamptz language sql stable as $$
  select greatest(
    (select max(known_at) from publication where campaign_id = campaign),
    (select max(acted_at) from board_act where campaign_id = campaign and act = 'freeze'))
$$;

create function count_after_last_cut() returns trigger language plpgsql as $$
declare
  cut timestamptz := last_cut(new.campaign_id);
begin
  if cut is null then
    return new;
  end if;
  if tg_op = 'INSERT' or old.approved_at is null then
    new.approved_at := case when new.approved_at <= cut then cut + interval '1 millisecond' else new.approved_at end;
  end if;
  if tg_op = 'INSERT' or old.replaced_at is null then
    new.replaced_at := case when new.replaced_at <= cut then cut + interval '1 millisecond' else new.replaced_at end;
  end if;
  return new;
end $$;
create trigger reading_inserted_after_last_cut before insert on reading
  for each row when (new.approved_at is not null) execute function count_after_last_cut();
create trigger reading_marked_after_last_cut before update on reading
  for each row when (new.approved_at is distinct from old.approved_at or new.replaced_at is distinct from old.replaced_at)
  execute function count_after_last_cut();
