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
