DROP TABLE resolving_sources;
DROP INDEX incidents_all_alerts_resolved;
ALTER TABLE incidents DROP COLUMN all_alerts_resolved;
DROP INDEX alerts_episode;
ALTER TABLE alerts DROP COLUMN counted_by_source;
ALTER TABLE alerts DROP COLUMN episode;
ALTER TABLE alerts DROP COLUMN provider_alert_id;
ALTER TABLE alerts RENAME COLUMN identity_key TO provider_alert_id;
