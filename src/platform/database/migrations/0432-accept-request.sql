-- Takes rows that a partner's program sent: the batch, the work it means, and the answer for the same request, in one question.
-- The caller has kept the file and checked the key. sent: what came before under this request, when it did; neither: the same
-- file came before under another. Class and number of the lock are those of kept files.
create function accept_request(
  key_id integer, request text, promotion integer, source integer, organisation integer, sent_via text, name text,
  hash bytea, size bigint, moment timestamptz, lock_class integer, lock_number integer, task text,
  out batch integer, out sent_batch integer, out sent_hash bytea) language plpgsql as $$
begin
  perform from api_key where id = key_id for no key update;
  select r.batch_id, r.body_sha256 into sent_batch, sent_hash from batch_request r
    where r.api_key_id = key_id and r.idempotency_key = request;
  if found then return; end if;
  perform pg_advisory_xact_lock(lock_class, lock_number);
  insert into import_batch (promotion_id, source_id, profile, via, file_name, file_sha256, file_bytes, organisation_id, received_at, api_key_id)
    values (promotion, source, 'portal', sent_via, name, hash, size, organisation, moment, key_id)
    on conflict (promotion_id, file_sha256) where state in ('waiting', 'running', 'done') do nothing returning id into batch;
  if batch is null then return; end if;
  perform graphile_worker.add_job(task, json_build_object('batchId', batch), job_key => task || ':' || batch, max_attempts => 10);
  update api_key set last_used_at = moment where id = key_id;
  insert into batch_request (api_key_id, idempotency_key, body_sha256, batch_id, at) values (key_id, request, hash, batch, moment);
end $$;
