-- Feeds of programs
-- -----------------
-- What a partner's program sent waits sealed beside its batch until it is imported: no file is written for it. One question
-- finds the key, an earlier request of the same name, and registers the batch.

create table batch_feed (
  batch_id integer primary key references import_batch (id),
  sealed bytea not null
);
alter table batch_feed alter column sealed set storage external;

drop function accept_request;
create function accept_request(
  campaign text, key_hash bytea, request text, sent_via text, name text, feed_hash bytea, size bigint, sealed bytea,
  moment timestamptz, lock_class integer, lock_number integer, task text,
  out promotion integer, out batch integer, out sent_batch integer, out sent_hash bytea) language plpgsql as $$
declare
  k api_key;
begin
  select a.* into k from api_key a join campaign c on c.id = a.promotion_id
    where c.slug = campaign and a.hash = key_hash and a.revoked_at is null for no key update of a;
  if not found then return; end if;
  promotion := k.promotion_id;
  select r.batch_id, r.body_sha256 into sent_batch, sent_hash from batch_request r
    where r.api_key_id = k.id and r.idempotency_key = request;
  if found then return; end if;
  perform pg_advisory_xact_lock(lock_class, lock_number);
  insert into import_batch (promotion_id, source_id, profile, via, file_name, file_sha256, file_bytes, organisation_id, received_at, api_key_id)
    values (promotion, k.source_id, 'portal', sent_via, name, feed_hash, size, k.organisation_id, moment, k.id)
    on conflict (promotion_id, file_sha256) where state in ('waiting', 'running', 'done') do nothing returning id into batch;
  if batch is null then return; end if;
  insert into batch_feed values (batch, sealed);
  perform graphile_worker.add_job(task, json_build_object('batchId', batch), job_key => task || ':' || batch, max_attempts => 10);
  update api_key set last_used_at = moment where id = k.id;
  insert into batch_request (api_key_id, idempotency_key, body_sha256, batch_id, at) values (k.id, request, feed_hash, batch, moment);
end $$;
