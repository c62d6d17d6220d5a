-- A physical draw: every number that came out of the cage, in order, and what became of it. Two officers typed each alike.
create table cage_ball (
  draw_id integer not null references draw (id),
  replacement integer not null,
  ordinal integer not null check (ordinal >= 1),
  code text collate "C" not null,
  outcome text not null check (outcome in ('wins', 'never-issued', 'not-listed', 'struck', 'holder-limit', 'drawn-before')),
  prize text,
  place integer,
  at timestamptz not null,
  offices text[] not null,
  primary key (draw_id, replacement, ordinal),
  check ((outcome = 'wins') = (prize is not null) and (outcome = 'wins') = (place is not null))
);
create unique index cage_ball_one_winner on cage_ball (draw_id, replacement, prize, place) where outcome = 'wins';
create unique index cage_ball_wins_once on cage_ball (draw_id, code) where outcome = 'wins';
create trigger cage_ball_append_only before update or delete on cage_ball for each row execute function refuse_change();
create trigger cage_ball_not_emptied before truncate on cage_ball for each statement execute function refuse_change();
