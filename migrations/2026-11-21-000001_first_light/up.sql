-- One portable text for SQLite and PostgreSQL: text, bigint, integer, boolean.
-- Times are microseconds since 1970 UTC. JSON is text.

CREATE TABLE counters (
  name text PRIMARY KEY NOT NULL,
  value bigint NOT NULL
);
INSERT INTO counters (name, value) VALUES
  ('user', 0), ('token', 0), ('incident', 0), ('alert', 0), ('entity', 0), ('evidence', 0), ('tag', 0), ('entry', 0);

CREATE TABLE users (
  id bigint PRIMARY KEY NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('viewer', 'analyst', 'administrator')),
  password_hash text,
  disabled boolean NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE sessions (
  key_hash text PRIMARY KEY NOT NULL,
  user_id bigint REFERENCES users (id),
  state text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
  id bigint PRIMARY KEY NOT NULL,
  name text NOT NULL UNIQUE,
  token_hash text NOT NULL UNIQUE,
  scope text NOT NULL CHECK (scope IN ('ingest', 'read', 'write')),
  created_at bigint NOT NULL,
  last_used_at bigint,
  revoked_at bigint
);

CREATE TABLE incidents (
  id bigint PRIMARY KEY NOT NULL,
  revision bigint NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  name_source text NOT NULL CHECK (name_source IN ('automatic', 'custom', 'imported', 'numbered')),
  status text NOT NULL CHECK (status IN ('active', 'inProgress', 'resolved', 'redirected')),
  status_before text,
  severity text NOT NULL CHECK (severity IN ('informational', 'low', 'medium', 'high')),
  severity_rank bigint NOT NULL,
  severity_source text NOT NULL CHECK (severity_source IN ('automatic', 'custom', 'imported')),
  classification text NOT NULL,
  determination text NOT NULL,
  assigned_to bigint REFERENCES users (id),
  resolving_note text,
  redirect_to bigint REFERENCES incidents (id),
  related_to bigint REFERENCES incidents (id),
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  first_activity bigint NOT NULL,
  last_activity bigint NOT NULL,
  resolved_at bigint,
  alert_count bigint NOT NULL,
  open_alert_count bigint NOT NULL,
  device_count bigint NOT NULL,
  user_count bigint NOT NULL,
  mailbox_count bigint NOT NULL,
  scope text NOT NULL,
  provider_key text UNIQUE,
  provider_updated_at bigint
);
CREATE INDEX incidents_updated ON incidents (updated_at, id);
CREATE INDEX incidents_status_updated ON incidents (status, updated_at, id);
CREATE INDEX incidents_created ON incidents (created_at, id);
CREATE INDEX incidents_first_activity ON incidents (first_activity, id);
CREATE INDEX incidents_last_activity ON incidents (last_activity, id);
CREATE INDEX incidents_severity ON incidents (severity_rank, id);
CREATE INDEX incidents_alert_count ON incidents (alert_count, id);
CREATE INDEX incidents_owner ON incidents (assigned_to, updated_at, id);
CREATE INDEX incidents_classification ON incidents (classification, updated_at, id);
CREATE INDEX incidents_redirect ON incidents (redirect_to);
CREATE INDEX incidents_related ON incidents (related_to);

CREATE TABLE tags (
  id bigint PRIMARY KEY NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  system boolean NOT NULL
);
CREATE TABLE incident_tags (
  incident_id bigint NOT NULL REFERENCES incidents (id),
  tag_id bigint NOT NULL REFERENCES tags (id),
  PRIMARY KEY (incident_id, tag_id)
);
CREATE INDEX incident_tags_tag ON incident_tags (tag_id, incident_id);

CREATE TABLE alerts (
  id bigint PRIMARY KEY NOT NULL,
  incident_id bigint NOT NULL REFERENCES incidents (id),
  revision bigint NOT NULL,
  source text NOT NULL,
  provider_alert_id text NOT NULL,
  title text NOT NULL,
  title_key text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('informational', 'low', 'medium', 'high')),
  status text NOT NULL CHECK (status IN ('new', 'inProgress', 'resolved')),
  status_before text,
  closed_with bigint,
  status_by_person boolean NOT NULL,
  classified_by_person boolean NOT NULL,
  classification text NOT NULL,
  determination text NOT NULL,
  assigned_to bigint REFERENCES users (id),
  category text NOT NULL,
  techniques text NOT NULL,
  service_source text NOT NULL,
  detection_source text NOT NULL,
  product text NOT NULL,
  first_activity bigint NOT NULL,
  last_activity bigint NOT NULL,
  created_at bigint NOT NULL,
  received_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  resolved_at bigint,
  occurrences bigint NOT NULL,
  linked_by text NOT NULL,
  assets text NOT NULL,
  provider_updated_at bigint,
  payload_hash text NOT NULL,
  UNIQUE (source, provider_alert_id)
);
CREATE INDEX alerts_incident ON alerts (incident_id, first_activity, id);
CREATE INDEX alerts_updated ON alerts (updated_at, id);
CREATE INDEX alerts_status ON alerts (status, updated_at, id);
CREATE INDEX alerts_owner ON alerts (assigned_to);

-- What a list never reads lives apart from what it does.
CREATE TABLE alert_details (
  alert_id bigint PRIMARY KEY NOT NULL REFERENCES alerts (id),
  description text NOT NULL,
  recommended_actions text NOT NULL,
  facts text NOT NULL
);
CREATE TABLE alert_payloads (
  alert_id bigint PRIMARY KEY NOT NULL REFERENCES alerts (id),
  received_at bigint NOT NULL,
  payload text NOT NULL
);

-- An entity is one thing in the world; its keys are the spellings it is known under.
CREATE TABLE entities (
  id bigint PRIMARY KEY NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  links boolean NOT NULL,
  facts text NOT NULL
);
CREATE INDEX entities_name ON entities (kind, name_key);
CREATE INDEX entities_any_name ON entities (name_key);
CREATE TABLE entity_keys (
  kind text NOT NULL,
  key text NOT NULL,
  entity_id bigint NOT NULL REFERENCES entities (id),
  PRIMARY KEY (kind, key)
);
CREATE INDEX entity_keys_entity ON entity_keys (entity_id);

CREATE TABLE evidence (
  id bigint PRIMARY KEY NOT NULL,
  alert_id bigint NOT NULL REFERENCES alerts (id),
  entity_id bigint NOT NULL REFERENCES entities (id),
  roles text NOT NULL,
  verdict text NOT NULL,
  remediation text NOT NULL,
  facts text NOT NULL,
  first_seen bigint NOT NULL,
  UNIQUE (alert_id, entity_id)
);
CREATE INDEX evidence_entity ON evidence (entity_id, alert_id);

-- Derived from evidence in the transaction that changes it: what the queue filters by and placement looks up.
CREATE TABLE incident_entities (
  incident_id bigint NOT NULL REFERENCES incidents (id),
  entity_id bigint NOT NULL REFERENCES entities (id),
  kind text NOT NULL,
  alert_count bigint NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  PRIMARY KEY (incident_id, entity_id)
);
CREATE INDEX incident_entities_entity ON incident_entities (entity_id, last_seen);
CREATE TABLE incident_facets (
  incident_id bigint NOT NULL REFERENCES incidents (id),
  facet text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (incident_id, facet, value)
);
CREATE INDEX incident_facets_value ON incident_facets (facet, value, incident_id);

CREATE TABLE history (
  id bigint PRIMARY KEY NOT NULL,
  incident_id bigint NOT NULL REFERENCES incidents (id),
  revision bigint NOT NULL,
  parent bigint,
  alert_id bigint REFERENCES alerts (id),
  alert_revision bigint,
  actor_kind text NOT NULL CHECK (actor_kind IN ('person', 'token', 'system', 'import')),
  actor_id bigint,
  actor_label text NOT NULL,
  kind text NOT NULL,
  version integer NOT NULL,
  detail text NOT NULL,
  at bigint NOT NULL,
  UNIQUE (incident_id, revision)
);
CREATE INDEX history_alert ON history (alert_id, id);
CREATE INDEX history_parent ON history (incident_id, parent);
