-- The bytes of a frozen list are half digits of digests: to try to compress them takes longer than to write them.
alter table frozen_part alter column bytes set storage external;
comment on column frozen_list.groups is 'Merkle roots over every 128 entries';
