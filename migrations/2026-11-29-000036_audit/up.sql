-- What people, tokens and commands do to accounts, tokens and settings, and what they take out. Each entry
-- has the hash of itself and of the entry before it.
CREATE TABLE audit_log (
  id bigint PRIMARY KEY,
  at bigint NOT NULL,
  activity text NOT NULL,
  actor_kind text NOT NULL,
  actor_id bigint,
  actor_name text NOT NULL,
  address text,
  target_kind text NOT NULL,
  target_id bigint,
  target_name text NOT NULL,
  detail text NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_log_by_activity ON audit_log (activity, id);
CREATE INDEX audit_log_by_actor ON audit_log (actor_kind, actor_id, id);
CREATE INDEX audit_log_by_target ON audit_log (target_kind, target_id, id);
INSERT INTO counters (name, value) VALUES ('audit', 0);
