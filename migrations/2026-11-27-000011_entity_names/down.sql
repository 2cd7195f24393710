DELETE FROM counters WHERE name = 'entity_name';
DROP TABLE entity_names;
ALTER TABLE entities ADD COLUMN facts text NOT NULL DEFAULT '[]';
UPDATE entities SET facts =
  COALESCE((SELECT v.facts FROM evidence v WHERE v.entity_id = entities.id ORDER BY v.id LIMIT 1), '[]');
ALTER TABLE evidence DROP COLUMN name;
