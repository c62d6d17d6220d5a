-- Facts about this installation itself, one row a fact (for example: the demo was completed).
create table installation (
  name text primary key,
  value text not null,
  at timestamptz not null default now()
);
