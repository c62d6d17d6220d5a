-- What counted at an instant is what counts now, less what was approved since, with what was replaced since.
create index reading_replaced on reading (campaign_id, replaced_at) where replaced_at is not null;

-- An open objection is a mark on the board.
create function tell_of_objection() returns trigger language plpgsql as $$
begin
  perform pg_notify('live', json_build_array('objections:' || new.campaign_id, json_build_object('outcome', new.outcome))::text);
  return null;
end $$;
create trigger figure_objection_tells after insert or update on figure_objection for each row execute function tell_of_objection();
