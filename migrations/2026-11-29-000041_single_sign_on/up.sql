-- Identity providers (OpenID Connect). `slug` is part of their addresses. Groups of the provider become roles and groups
-- here, one rule a line; without a rule that fits, the default role applies, and an empty one lets nobody in.
CREATE TABLE identity_providers (
  id bigint PRIMARY KEY NOT NULL,
  slug text NOT NULL UNIQUE,
  name text NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  client_secret text NOT NULL,
  scopes text NOT NULL,
  groups_claim text NOT NULL,
  default_role text NOT NULL,
  role_rules text NOT NULL,
  group_rules text NOT NULL,
  enabled boolean NOT NULL
);

-- Who signs in by a provider. An account is found by issuer and subject alone, never by a name or an address.
CREATE TABLE identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id bigint NOT NULL REFERENCES users (id),
  added_at bigint NOT NULL,
  last_used_at bigint NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- The provider's session in which a session began, so that it can be ended there.
ALTER TABLE sessions ADD COLUMN provider_id bigint;
ALTER TABLE sessions ADD COLUMN provider_session text;
CREATE INDEX sessions_by_provider ON sessions (provider_id, provider_session);

INSERT INTO counters (name, value) VALUES ('identity_provider', 0);
