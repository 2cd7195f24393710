-- When somebody last signed in, and what they chose for themselves. An empty time zone is that of the browser.
ALTER TABLE users ADD COLUMN last_signed_in bigint;
ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN key_shortcuts boolean NOT NULL DEFAULT true;

-- Where a session began, with which browser and by which means, and when it was last used.
ALTER TABLE sessions ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN browser text NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN method text NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN used_at bigint NOT NULL DEFAULT 0;

-- Links that work once: an invitation adds a person, a reset gives a person a new password, and one for signing in, which
-- only a command makes, needs no password.
CREATE TABLE one_time_links (
  id bigint PRIMARY KEY NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('invitation', 'reset', 'signIn')),
  secret_hash text NOT NULL UNIQUE,
  user_id bigint REFERENCES users (id),
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  display_name text NOT NULL,
  role text NOT NULL,
  made_at bigint NOT NULL,
  made_by text NOT NULL,
  expires_at bigint NOT NULL
);

CREATE TABLE user_groups (
  id bigint PRIMARY KEY NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  description text NOT NULL,
  created_at bigint NOT NULL
);
CREATE TABLE group_members (
  group_id bigint NOT NULL REFERENCES user_groups (id),
  user_id bigint NOT NULL REFERENCES users (id),
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

-- What a token is for, until when it works, where it was last used from, and whose it is. While a token is being
-- replaced, its earlier secret works for a while.
ALTER TABLE api_tokens ADD COLUMN purpose text NOT NULL DEFAULT '';
ALTER TABLE api_tokens ADD COLUMN expires_at bigint;
ALTER TABLE api_tokens ADD COLUMN last_used_from text NOT NULL DEFAULT '';
ALTER TABLE api_tokens ADD COLUMN owner_id bigint;
ALTER TABLE api_tokens ADD COLUMN earlier_hash text;
ALTER TABLE api_tokens ADD COLUMN earlier_until bigint;
CREATE INDEX api_tokens_earlier ON api_tokens (earlier_hash);

INSERT INTO counters (name, value) VALUES ('one_time_link', 0), ('group', 0);
