-- A finding that goes on after a person resolved it is a further episode: one more alert with the same id. Many
-- tables refer to alerts, so that SQLite cannot rebuild the table without the old unique constraint. Its column goes
-- on as a key that only says so: the provider's id, and from the second episode on a line with its number.
ALTER TABLE alerts RENAME COLUMN provider_alert_id TO identity_key;
ALTER TABLE alerts ADD COLUMN provider_alert_id text NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN episode bigint NOT NULL DEFAULT 1;
UPDATE alerts SET provider_alert_id = identity_key;
CREATE UNIQUE INDEX alerts_episode ON alerts (source, provider_alert_id, episode);
-- How many occurrences the source itself counts; none where it does not count.
ALTER TABLE alerts ADD COLUMN counted_by_source bigint;

-- Whether an open incident's alerts are all resolved, each by its source and none by a person.
ALTER TABLE incidents ADD COLUMN all_alerts_resolved boolean NOT NULL DEFAULT false;
UPDATE incidents SET all_alerts_resolved = true
  WHERE is_open AND alert_count > 0 AND open_alert_count = 0 AND NOT EXISTS (
    SELECT 1 FROM alerts
    WHERE alerts.incident_id = incidents.id AND (alerts.status_by_person OR alerts.closed_with IS NOT NULL));
CREATE INDEX incidents_all_alerts_resolved ON incidents (updated_at, id) WHERE all_alerts_resolved;

-- Whether incidents resolve by themselves when their sources have resolved all their alerts, where somebody has set it.
CREATE TABLE resolving_sources (
  source text PRIMARY KEY NOT NULL,
  resolves boolean NOT NULL
);
