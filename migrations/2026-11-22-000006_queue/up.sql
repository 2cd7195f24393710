-- Everything the queue filters and sorts by stands behind one question first: is it still open? Open
-- incidents are few however many are stored, so each index begins with it, also those of what
-- incidents are found by.
ALTER TABLE incidents ADD COLUMN is_open boolean NOT NULL DEFAULT true;
-- The owner's display name in lower case, to sort by; empty without one.
ALTER TABLE incidents ADD COLUMN owner_key text NOT NULL DEFAULT '';
UPDATE incidents SET is_open = false WHERE status NOT IN ('active', 'inProgress');
UPDATE incidents SET owner_key = (SELECT lower(users.display_name) FROM users WHERE users.id = incidents.assigned_to)
  WHERE assigned_to IS NOT NULL;

ALTER TABLE incident_facets ADD COLUMN is_open boolean NOT NULL DEFAULT true;
ALTER TABLE incident_entities ADD COLUMN is_open boolean NOT NULL DEFAULT true;
ALTER TABLE incident_tags ADD COLUMN is_open boolean NOT NULL DEFAULT true;
-- More than one source, more than one category.
INSERT INTO incident_facets (incident_id, facet, value)
  SELECT incident_id, 'multiple', lower(facet) FROM incident_facets
  WHERE facet IN ('serviceSource', 'category') GROUP BY incident_id, facet HAVING count(*) > 1;
-- What used a part of a technique used the technique; no value is longer than an index holds.
DELETE FROM incident_facets WHERE length(value) > 200;
INSERT INTO incident_facets (incident_id, facet, value)
  SELECT DISTINCT f.incident_id, f.facet, substr(f.value, 1, 5) FROM incident_facets f
  WHERE f.facet = 'technique' AND f.value LIKE 't____.%' AND NOT EXISTS (
    SELECT 1 FROM incident_facets g
    WHERE g.incident_id = f.incident_id AND g.facet = f.facet AND g.value = substr(f.value, 1, 5));
UPDATE incident_facets SET is_open = false WHERE incident_id IN (SELECT id FROM incidents WHERE NOT is_open);
UPDATE incident_entities SET is_open = false WHERE incident_id IN (SELECT id FROM incidents WHERE NOT is_open);
UPDATE incident_tags SET is_open = false WHERE incident_id IN (SELECT id FROM incidents WHERE NOT is_open);

DROP INDEX incidents_status_updated;
DROP INDEX incidents_created;
DROP INDEX incidents_first_activity;
DROP INDEX incidents_last_activity;
DROP INDEX incidents_severity;
DROP INDEX incidents_alert_count;
DROP INDEX incidents_owner;
DROP INDEX incidents_classification;
-- The severity comes along so that the default filter counts without reading the rows.
CREATE INDEX queue_updated ON incidents (is_open, updated_at, id, severity);
CREATE INDEX queue_created ON incidents (is_open, created_at, id);
CREATE INDEX queue_first_activity ON incidents (is_open, first_activity, id);
CREATE INDEX queue_last_activity ON incidents (is_open, last_activity, id);
-- Those with few values order their rows by the last update.
CREATE INDEX queue_severity ON incidents (is_open, severity_rank, updated_at, id);
CREATE INDEX queue_alerts ON incidents (is_open, alert_count, updated_at, id);
CREATE INDEX queue_status ON incidents (is_open, status, updated_at, id);
CREATE INDEX queue_owner ON incidents (is_open, owner_key, updated_at, id);
CREATE INDEX queue_name ON incidents (is_open, name_key, id);
CREATE INDEX queue_id ON incidents (is_open, id);
CREATE INDEX queue_assigned ON incidents (assigned_to, is_open, updated_at, id);
CREATE INDEX queue_classification ON incidents (classification, is_open, updated_at, id);
CREATE INDEX queue_determination ON incidents (determination, is_open, updated_at, id);
DROP INDEX incident_facets_value;
CREATE INDEX incident_facets_value ON incident_facets (facet, value, is_open, incident_id);
DROP INDEX incident_tags_tag;
CREATE INDEX incident_tags_tag ON incident_tags (tag_id, is_open, incident_id);
-- How many alerts of an incident each category has.
CREATE INDEX alerts_incident_category ON alerts (incident_id, category);
-- An incident's assets alone, among all that it touches.
CREATE INDEX incident_entities_kind ON incident_entities (incident_id, kind, entity_id);
CREATE INDEX incident_entities_open ON incident_entities (entity_id, is_open, incident_id);

-- The names that incidents have or had, each once: what a search for part of a name looks through.
CREATE TABLE incident_names (name_key text PRIMARY KEY NOT NULL);
INSERT INTO incident_names (name_key) SELECT DISTINCT name_key FROM incidents;
