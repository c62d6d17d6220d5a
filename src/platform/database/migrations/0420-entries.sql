-- Lucky codes
-- -----------
--   entry         a code that was issued, for ever. One partition per promotion, indexed there.
--   entry_event   what happened to it afterwards: voided, and why
--   bar           holders the rules keep off the list of one draw, such as winners of an earlier period

create table entry (
  promotion_id integer not null,
  number bigint not null check (number > 0),
  payment_id bigint not null,
  payer_id bigint not null,
  ordinal integer not null check (ordinal >= 1),
  period integer not null,
  issued_at timestamptz not null,
  voided_at timestamptz,
  code text collate "C" not null check (code ~ '^[0-9A-Z]{1,32}$')
) partition by list (promotion_id);
comment on column entry.number is 'order of issue, from 1 without gaps';
comment on column entry.ordinal is 'the how-manieth entry of its payment';

create table entry_event (
  id bigint generated always as identity primary key,
  promotion_id integer not null references promotion (id),
  number bigint not null,
  act text not null check (act in ('voided')),
  refusals integer not null,
  at timestamptz not null,
  officer_id integer references officer (id),
  batch_id integer references import_batch (id),
  unique (promotion_id, number, act)
);
create trigger entry_event_append_only before update or delete on entry_event for each row execute function refuse_change();

create table bar (
  draw_period_id integer not null references draw_period (id),
  promotion_id integer not null references promotion (id),
  payer_id bigint not null,
  reason text not null check (reason in ('won-before', 'excluded')),
  barred_at timestamptz not null,
  barred_by integer references officer (id),
  primary key (draw_period_id, payer_id)
);
