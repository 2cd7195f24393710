-- When an entity was active in an incident with detections that tell something (routine ones do
-- not link), and the alerts at both ends, to say "14 minutes after ...".
ALTER TABLE incident_entities ADD COLUMN link_first bigint;
ALTER TABLE incident_entities ADD COLUMN link_last bigint;
ALTER TABLE incident_entities ADD COLUMN first_alert bigint;
ALTER TABLE incident_entities ADD COLUMN last_alert bigint;
UPDATE incident_entities SET link_first = first_seen, link_last = last_seen;

-- Whether this alert's evidence ties it to others by this entity.
ALTER TABLE evidence ADD COLUMN linking boolean NOT NULL DEFAULT true;

-- What was detected on an entity on a day: its number of detections, each counted once an hour and
-- routine ones left out, and for each detection its hours, one bit an hour: "hash:bits" by commas.
CREATE TABLE entity_days (
  entity_id bigint NOT NULL,
  day bigint NOT NULL,
  alerts bigint NOT NULL,
  detections text NOT NULL,
  PRIMARY KEY (entity_id, day)
);

-- The alert that counts the repeats of one detection on the same assets.
CREATE TABLE repeats (
  key text PRIMARY KEY NOT NULL,
  alert_id bigint NOT NULL REFERENCES alerts (id)
);
-- Every occurrence that an alert counts beside its first, so that telling one again counts nothing.
-- The payload is kept for the latest few, and empty for the others.
CREATE TABLE alert_occurrences (
  source text NOT NULL,
  provider_alert_id text NOT NULL,
  alert_id bigint NOT NULL REFERENCES alerts (id),
  at bigint NOT NULL,
  payload text NOT NULL,
  PRIMARY KEY (source, provider_alert_id)
);
CREATE INDEX alert_occurrences_alert ON alert_occurrences (alert_id, at);
-- How long after its last occurrence a repeat still counts as one, by source; 0 never.
CREATE TABLE repeat_rules (
  source text PRIMARY KEY NOT NULL,
  minutes bigint NOT NULL
);

-- Other ids under which providers speak of an alert, and the incident they say an alert belongs to
-- that has not come yet.
CREATE TABLE alert_aliases (
  alias text PRIMARY KEY NOT NULL,
  alert_id bigint NOT NULL REFERENCES alerts (id)
);
CREATE TABLE expected_alerts (
  alias text PRIMARY KEY NOT NULL,
  incident_id bigint NOT NULL REFERENCES incidents (id)
);

-- Two incidents that a person took apart; correlation does not put them together again.
CREATE TABLE incidents_apart (
  one bigint NOT NULL,
  other bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (one, other)
);

-- Acts that can be undone.
CREATE TABLE operations (
  id bigint PRIMARY KEY NOT NULL,
  kind text NOT NULL,
  detail text NOT NULL,
  at bigint NOT NULL,
  undone_at bigint
);
INSERT INTO counters (name, value) VALUES ('operation', 0);
