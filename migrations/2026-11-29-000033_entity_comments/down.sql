-- Changes of notes and importance are changes of settings again, after those that were recorded since. Comments and tags
-- of entities are lost.
INSERT INTO setting_changes (id, kind, setting_id, name, actor_kind, actor_id, actor_name, at, old_body, new_body)
  SELECT e.id + (SELECT value FROM counters WHERE name = 'setting_change'),
    CASE e.kind WHEN 'note' THEN 'entityNote' ELSE 'assetImportance' END,
    e.entity_id, n.name, e.actor_kind, e.actor_id, e.actor_name, e.at, e.old_text, e.new_text
  FROM entity_entries e
  JOIN entities n ON n.id = e.entity_id
  WHERE e.kind IN ('note', 'importance');
UPDATE counters SET value = value + (SELECT COALESCE(MAX(id), 0) FROM entity_entries) WHERE name = 'setting_change';
DELETE FROM counters WHERE name = 'entity_entry';
DROP INDEX incident_entities_first;
DROP TABLE entity_comment_texts;
DROP TABLE entity_tags;
DROP TABLE entity_entries;
