-- The last cut is asked for once in a transaction, not for each of a hundred thousand readings: whoever cuts waits for all
-- that write readings, so that it cannot move while one of them is at work; who cuts and writes in one, asks again.

create or replace function count_after_last_cut() returns trigger language plpgsql as $$
declare
  kept constant text := 'thidua.last_cut_' || new.campaign_id;
  known text := current_setting(kept, true);
  cut timestamptz;
begin
  if coalesce(known, '') = '' then
    cut := last_cut(new.campaign_id);
    perform set_config(kept, coalesce(cut::text, 'none'), true);
  elsif known <> 'none' then
    cut := known::timestamptz;
  end if;
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

create function ask_for_last_cut_again() returns trigger language plpgsql as $$
begin
  perform set_config('thidua.last_cut_' || new.campaign_id, '', true);
  return null;
end $$;
create trigger publication_is_a_cut after insert on publication for each row execute function ask_for_last_cut_again();
create trigger board_act_is_a_cut after insert on board_act for each row execute function ask_for_last_cut_again();
