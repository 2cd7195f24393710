-- The secrets of authenticator apps (TOTP, RFC 6238). A code of a time step up to the last one that was used is refused.
CREATE TABLE authenticator_apps (
  user_id bigint PRIMARY KEY NOT NULL REFERENCES users (id),
  secret text NOT NULL,
  last_step bigint NOT NULL,
  added_at bigint NOT NULL
);

-- Codes for whoever has lost the second factor. Each works once.
CREATE TABLE recovery_codes (
  user_id bigint NOT NULL REFERENCES users (id),
  code_hash text NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

-- What an authenticator knows a person by.
CREATE TABLE passkey_handles (
  user_id bigint PRIMARY KEY NOT NULL REFERENCES users (id),
  handle text NOT NULL UNIQUE
);

-- Passkeys (WebAuthn): the public key, and what changes with each use, both as the library encodes them, in base64.
CREATE TABLE passkeys (
  credential_id text PRIMARY KEY NOT NULL,
  user_id bigint NOT NULL REFERENCES users (id),
  name text NOT NULL,
  static_state text NOT NULL,
  dynamic_state text NOT NULL,
  added_at bigint NOT NULL,
  last_used_at bigint
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

-- How people may sign in. A name that is missing has its default.
CREATE TABLE sign_in_settings (
  name text PRIMARY KEY NOT NULL,
  value text NOT NULL
);
