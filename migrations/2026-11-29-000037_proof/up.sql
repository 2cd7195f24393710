-- Every entry has the hash of itself and of the entry before it: of the same incident, or of all entities. Entries of an
-- older store get theirs afterwards, by `watchdesk migrate`, with the time at which they got it.
ALTER TABLE history ADD COLUMN hash text NOT NULL DEFAULT '';
ALTER TABLE history ADD COLUMN chained_at bigint;
-- The alert that an entry was written for, where that became an occurrence of another one.
ALTER TABLE history ADD COLUMN written_alert bigint;
ALTER TABLE history ADD COLUMN written_alert_revision bigint;
-- The hash of the newest entry.
ALTER TABLE incidents ADD COLUMN chain_head text NOT NULL DEFAULT '';
ALTER TABLE entity_entries ADD COLUMN hash text NOT NULL DEFAULT '';
ALTER TABLE entity_entries ADD COLUMN chained_at bigint;
-- The entity that an entry was written for, where that turned out to be another one.
ALTER TABLE entity_entries ADD COLUMN written_entity bigint;
-- What all chains were at some time, signed.
CREATE TABLE checkpoints (
  id bigint PRIMARY KEY,
  at bigint NOT NULL,
  last_entry bigint NOT NULL,
  entries_hash text NOT NULL,
  last_entity_entry bigint NOT NULL,
  entity_entries_hash text NOT NULL,
  last_audit_entry bigint NOT NULL,
  audit_hash text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  public_key text NOT NULL,
  signature text NOT NULL
);
INSERT INTO counters (name, value) VALUES ('checkpoint', 0);
INSERT INTO counters (name, value) VALUES ('checkpoint_syslog', 0);
INSERT INTO counters (name, value) VALUES ('checkpoint_webhook', 0);
-- Incidents and entries of entities that are still to be chained, up to these.
INSERT INTO counters (name, value) SELECT 'unchained_incidents', COALESCE(MAX(id), 0) FROM incidents;
INSERT INTO counters (name, value) SELECT 'unchained_entity_entries', COALESCE(MAX(id), 0) FROM entity_entries;
