-- When alerts that link by a key were active first and last: what correlation looks up. A key is an entity, or,
-- negative, something that alerts have in common without sharing an entity.
CREATE TABLE link_points (
  key bigint NOT NULL,
  at bigint NOT NULL,
  alert_id bigint NOT NULL REFERENCES alerts (id),
  PRIMARY KEY (key, at, alert_id)
);
INSERT INTO link_points (key, at, alert_id)
  SELECT e.entity_id, a.first_activity, a.id FROM evidence e JOIN alerts a ON a.id = e.alert_id WHERE e.linking
  UNION
  SELECT e.entity_id, a.last_activity, a.id FROM evidence e JOIN alerts a ON a.id = e.alert_id WHERE e.linking;
CREATE INDEX link_points_alert ON link_points (alert_id);

-- What the detection of an alert is about beside its assets, where its title does not tell.
ALTER TABLE alerts ADD COLUMN subject text NOT NULL DEFAULT '';

-- The alerts that count the repeats of a series, by day (days since 1970, UTC): before, only the latest of each.
CREATE TABLE counting_alerts (
  alert_id bigint PRIMARY KEY NOT NULL REFERENCES alerts (id),
  key text NOT NULL,
  day bigint NOT NULL
);
INSERT INTO counting_alerts (alert_id, key, day)
  SELECT r.alert_id, MIN(r.key), MIN(a.first_activity / 86400000000) FROM repeats r JOIN alerts a ON a.id = r.alert_id
  GROUP BY r.alert_id;
DROP TABLE repeats;
ALTER TABLE counting_alerts RENAME TO repeats;
CREATE INDEX repeats_key ON repeats (key, day);

-- Alerts that turned out to be repeats of another, which counts them now.
CREATE TABLE alert_redirects (
  alert_id bigint PRIMARY KEY NOT NULL,
  to_alert bigint NOT NULL REFERENCES alerts (id),
  at bigint NOT NULL
);
CREATE INDEX alert_redirects_to ON alert_redirects (to_alert);

-- What this replaces.
ALTER TABLE incident_entities DROP COLUMN link_first;
ALTER TABLE incident_entities DROP COLUMN link_last;
ALTER TABLE incident_entities DROP COLUMN first_alert;
ALTER TABLE incident_entities DROP COLUMN last_alert;
-- Counted from the hours now.
ALTER TABLE entity_days DROP COLUMN alerts;

-- Incidents whose alerts may have to be grouped otherwise, as what came later shows.
CREATE TABLE regroup_queue (incident_id bigint PRIMARY KEY NOT NULL REFERENCES incidents (id));
