DROP TABLE regroup_queue;
DROP TABLE alert_redirects;
CREATE TABLE latest_repeats (
  key text PRIMARY KEY NOT NULL,
  alert_id bigint NOT NULL REFERENCES alerts (id)
);
INSERT INTO latest_repeats (key, alert_id) SELECT key, MAX(alert_id) FROM repeats GROUP BY key;
DROP TABLE repeats;
ALTER TABLE latest_repeats RENAME TO repeats;
ALTER TABLE alerts DROP COLUMN subject;
ALTER TABLE entity_days ADD COLUMN alerts bigint NOT NULL DEFAULT 0;
ALTER TABLE incident_entities ADD COLUMN link_first bigint;
ALTER TABLE incident_entities ADD COLUMN link_last bigint;
ALTER TABLE incident_entities ADD COLUMN first_alert bigint;
ALTER TABLE incident_entities ADD COLUMN last_alert bigint;
UPDATE incident_entities SET link_first = first_seen, link_last = last_seen;
DROP TABLE link_points;
