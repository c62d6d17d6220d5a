-- Winners, from the draw to the hand-over
-- ---------------------------------------
--   winner        a place that was drawn: the code, who holds it, what is shown of the name
--   winner_step   what was done with it, append-only: contact attempts, identity check, consent, tax, notice, and one outcome
--   notice        a message with a code that the public page confirms
--   paper         an official paper that was drawn up: its number in the register, and the text as it was signed

create table winner (
  id integer generated always as identity primary key,
  draw_id integer not null references draw (id),
  replacement integer not null check (replacement >= 0),
  ordinal integer not null check (ordinal >= 1),
  prize text not null,
  place integer not null check (place >= 1),
  code text collate "C" not null,
  holder bytea not null check (length(holder) = 32),
  position integer not null check (position >= 1),
  value bigint not null check (value >= 0),
  payer_id bigint not null,
  masked_name text not null,
  locality text not null,
  unique (draw_id, replacement, prize, place),
  unique (draw_id, replacement, ordinal),
  unique (draw_id, code),
  foreign key (draw_id, prize) references prize (draw_id, code)
);
create trigger winner_append_only before update or delete on winner for each row execute function refuse_change();

create table winner_step (
  id integer generated always as identity primary key,
  winner_id integer not null references winner (id),
  kind text not null check (kind in ('contact-attempted', 'identity-checked', 'consent-given', 'consent-withdrawn', 'tax-settled',
    'disqualification-proposed', 'disqualification-dropped', 'handed-over', 'refused', 'expired', 'disqualified')),
  facts jsonb not null default '{}' check (jsonb_typeof(facts) = 'object'),
  sealed bytea,
  at timestamptz not null,
  officer_id integer not null references officer (id)
);
create index winner_step_winner on winner_step (winner_id, id);
create unique index winner_step_once on winner_step (winner_id, kind) where kind in ('identity-checked', 'tax-settled');
create unique index winner_step_one_outcome on winner_step (winner_id)
  where kind in ('handed-over', 'refused', 'expired', 'disqualified');
create trigger winner_step_append_only before update or delete on winner_step for each row execute function refuse_change();

create table notice (
  id integer generated always as identity primary key,
  code text not null unique check (code ~ '^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$'),
  kind text not null check (kind in ('winner')),
  subject text not null,
  body_vi text not null,
  body_en text not null,
  signature bytea not null check (length(signature) = 64),
  issued_at timestamptz not null,
  issued_by integer not null references officer (id),
  withdrawn_at timestamptz,
  withdrawn_by integer references officer (id)
);
create index notice_subject on notice (subject);

create table paper (
  id integer generated always as identity primary key,
  kind text not null check (kind in ('rules', 'minutes', 'winners', 'hand-over', 'report')),
  subject text not null,
  year integer not null,
  number integer not null check (number >= 1),
  html text not null,
  sha256 bytea not null check (length(sha256) = 32),
  drawn_up_at timestamptz not null,
  drawn_up_by integer references officer (id),
  unique (kind, year, number)
);
create index paper_subject on paper (subject, kind);
create trigger paper_append_only before update or delete on paper for each row execute function refuse_change();
