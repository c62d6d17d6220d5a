-- Who may act: organisations, officers, what each may do and where, and how they sign in.

create table organisation (
  id integer generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{1,39}$'),
  name text not null check (length(btrim(name)) between 2 and 200),
  kind text not null check (kind in ('administration', 'bank', 'intermediary', 'oversight', 'association')),
  created_at timestamptz not null
);
create unique index organisation_name_once on organisation (lower(name));

create table officer (
  id integer generated always as identity primary key,
  login text not null check (login = lower(login) and login ~ '^\S{3,100}$'),
  name text not null check (length(btrim(name)) between 2 and 100),
  organisation_id integer not null references organisation (id),
  password_hash text not null,
  password_set_at timestamptz not null,
  -- Sealed: whoever copies the database does not get the second factor with it.
  totp_secret bytea,
  totp_since timestamptz,
  -- The last time step a code was accepted for: a code that was read over a shoulder works only once.
  totp_step bigint,
  invited_by integer references officer (id),
  created_at timestamptz not null,
  disabled_at timestamptz,
  disabled_by integer references officer (id),
  unique (login),
  check ((totp_secret is null) = (totp_since is null)),
  check ((disabled_at is null) = (disabled_by is null))
);
create index officer_organisation on officer (organisation_id);

create table recovery_code (
  officer_id integer not null references officer (id),
  code_hash bytea not null check (length(code_hash) = 32),
  used_at timestamptz,
  primary key (officer_id, code_hash)
);

-- A right, for one unit and what lies below it, and for one campaign; null means everywhere.
create table role_grant (
  id integer generated always as identity primary key,
  officer_id integer not null references officer (id),
  role text not null check (role in ('administrator', 'organiser', 'partner', 'reporter', 'witness', 'auditor')),
  unit_id integer,
  campaign_id integer,
  granted_by integer references officer (id),
  granted_at timestamptz not null,
  revoked_by integer references officer (id),
  revoked_at timestamptz,
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index role_grant_once on role_grant (officer_id, role, unit_id, campaign_id)
  nulls not distinct where revoked_at is null;

create table officer_session (
  id integer generated always as identity primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  officer_id integer not null references officer (id),
  -- Null while the password was right and the second factor is still awaited.
  signed_in_at timestamptz,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  agent_hash bytea not null check (length(agent_hash) = 32)
);
create index officer_session_officer on officer_session (officer_id);
create index officer_session_expiry on officer_session (expires_at);

-- Failed and running attempts, by keyed fingerprint: who tried from where cannot be read here.
create table login_attempt (
  id bigint generated always as identity primary key,
  name_mark bytea not null check (length(name_mark) = 32),
  address_mark bytea not null check (length(address_mark) = 32),
  at timestamptz not null,
  succeeded boolean not null default false
);
create index login_attempt_name on login_attempt (name_mark, at);
create index login_attempt_address on login_attempt (address_mark, at);
create index login_attempt_age on login_attempt (at);

-- A one-time link: only its hash is kept. An invitation makes an officer, a reset gives one a new password.
create table invitation (
  id integer generated always as identity primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  name text,
  organisation_id integer references organisation (id),
  invited_by integer references officer (id),
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_as integer unique references officer (id),
  withdrawn_at timestamptz,
  withdrawn_by integer references officer (id),
  check ((accepted_at is null) = (accepted_as is null)),
  check (accepted_at is null or withdrawn_at is null)
);
-- The link for the very first administrator has no inviter, and there is one of it.
create unique index invitation_first_once on invitation ((true))
  where invited_by is null and accepted_at is null and withdrawn_at is null;

create table invitation_grant (
  invitation_id integer not null references invitation (id),
  role text not null check (role in ('administrator', 'organiser', 'partner', 'reporter', 'witness', 'auditor')),
  unit_id integer,
  campaign_id integer,
  unique nulls not distinct (invitation_id, role, unit_id, campaign_id)
);

create table password_reset (
  id integer generated always as identity primary key,
  token_hash bytea not null unique check (length(token_hash) = 32),
  officer_id integer not null references officer (id),
  -- The second factor goes too: for an officer who lost the telephone.
  clears_totp boolean not null,
  issued_by integer not null references officer (id),
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  withdrawn_at timestamptz
);
create unique index password_reset_one_open on password_reset (officer_id)
  where used_at is null and withdrawn_at is null;

-- Only the example province has rows here: accounts whose password the login page tells everybody.
create table demo_account (
  officer_id integer primary key references officer (id),
  password text not null
);
