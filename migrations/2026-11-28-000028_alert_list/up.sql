-- The alerts queue: the index of each order begins with the status, whose lists are merged.
CREATE INDEX alerts_activity ON alerts (status, last_activity, id);
CREATE INDEX alerts_severity ON alerts
    (status, (CASE severity WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END), updated_at, id);
CREATE INDEX alerts_title ON alerts (title_key, status);
CREATE INDEX alerts_classified ON alerts (classification, determination, status) WHERE classification <> 'unknown';
DROP INDEX alerts_updated;
-- Most alerts have no owner of their own.
DROP INDEX alerts_owner;
CREATE INDEX alerts_owner ON alerts (assigned_to, status) WHERE assigned_to IS NOT NULL;
-- Titles that a search looks through.
CREATE TABLE alert_titles (title_key text PRIMARY KEY NOT NULL);
INSERT INTO alert_titles (title_key) SELECT DISTINCT title_key FROM alerts;
-- Views of the list of alerts stand beside those of incidents.
ALTER TABLE views ADD COLUMN list text NOT NULL DEFAULT 'incidents';
