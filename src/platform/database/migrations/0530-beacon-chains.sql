-- Beacon chains
-- -------------
--   beacon_chain   drand chains whose rounds the rules of a draw may name. One is known from the start; others are read at the start
--                  from the settings. A chain stays when the settings forget it: draws that named it can still be checked.

create table beacon_chain (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  name text not null check (name <> ''),
  public_key text not null check (public_key ~ '^[0-9a-f]{192}$'),
  period integer not null check (period >= 1),
  genesis bigint not null check (genesis >= 0),
  group_hash text not null check (group_hash ~ '^[0-9a-f]{64}$')
);
comment on column beacon_chain.hash is 'made from the other columns: a chain cannot be altered under its name';
insert into beacon_chain (hash, name, public_key, period, genesis, group_hash) values
  ('52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971', 'quicknet',
   '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
   3, 1692803367, 'f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e');
create trigger beacon_chain_append_only before update or delete on beacon_chain for each row execute function refuse_change();

alter table draw_source add foreign key (chain) references beacon_chain (hash);
