-- How vendors' JSON is read, written in the settings; and who changed a setting when.

CREATE TABLE mappings (
  id bigint PRIMARY KEY NOT NULL,
  revision bigint NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  body text NOT NULL,
  sample text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  updated_by text NOT NULL
);

CREATE TABLE setting_changes (
  id bigint PRIMARY KEY NOT NULL,
  kind text NOT NULL,
  setting_id bigint NOT NULL,
  name text NOT NULL,
  actor_kind text NOT NULL,
  actor_id bigint,
  actor_name text NOT NULL,
  at bigint NOT NULL,
  old_body text,
  new_body text
);
CREATE INDEX setting_changes_setting ON setting_changes (kind, setting_id, id);

-- No foreign key: SQLite drops no column that has one. Deleting a mapping in use is refused.
ALTER TABLE api_tokens ADD COLUMN mapping_id bigint;

INSERT INTO counters (name, value) VALUES ('mapping', 0), ('setting_change', 0);
