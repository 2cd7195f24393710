-- What was attached, each content once, by its SHA-256 in hexadecimal. Its bytes have a table of their own, in pieces of
-- 1 MiB, so that lists never read them. `bytea` is PostgreSQL's name of a type that SQLite takes as it comes.
CREATE TABLE attachment_contents (
  sha256 text PRIMARY KEY NOT NULL,
  size bigint NOT NULL,
  media_type text NOT NULL,
  has_macros boolean NOT NULL,
  has_preview boolean NOT NULL
);
CREATE TABLE attachment_pieces (
  sha256 text NOT NULL REFERENCES attachment_contents (sha256),
  number bigint NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (sha256, number)
);
-- Small images as PNG, made by Watchdesk from their pixels.
CREATE TABLE attachment_previews (
  sha256 text PRIMARY KEY NOT NULL REFERENCES attachment_contents (sha256),
  png bytea NOT NULL
);
-- A removed one keeps its row, without its content.
CREATE TABLE attachments (
  id bigint PRIMARY KEY NOT NULL,
  incident_id bigint NOT NULL REFERENCES incidents (id),
  sha256 text REFERENCES attachment_contents (sha256),
  name text NOT NULL,
  name_key text NOT NULL,
  attached_at bigint NOT NULL,
  attached_by bigint REFERENCES users (id),
  attached_label text NOT NULL,
  removed_at bigint,
  removed_label text
);
CREATE INDEX attachments_incident ON attachments (incident_id, id);
CREATE INDEX attachments_sha256 ON attachments (sha256);
CREATE INDEX attachments_name ON attachments (name_key);
INSERT INTO counters (name, value) VALUES ('attachment', 0);
