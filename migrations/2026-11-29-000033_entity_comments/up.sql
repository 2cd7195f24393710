-- Comments and history of entities: comments and their edits, and who changed the note, the importance or a tag, from
-- what to what. An edit names its comment.
CREATE TABLE entity_entries (
  id bigint PRIMARY KEY NOT NULL,
  entity_id bigint NOT NULL REFERENCES entities (id),
  kind text NOT NULL,
  old_text text,
  new_text text,
  comment_id bigint REFERENCES entity_entries (id),
  actor_kind text NOT NULL,
  actor_id bigint,
  actor_name text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX entity_entries_entity ON entity_entries (entity_id, id);
CREATE INDEX entity_entries_comment ON entity_entries (comment_id, id);
CREATE TABLE entity_tags (
  entity_id bigint NOT NULL REFERENCES entities (id),
  tag_id bigint NOT NULL REFERENCES tags (id),
  PRIMARY KEY (entity_id, tag_id)
);
CREATE INDEX entity_tags_tag ON entity_tags (tag_id, entity_id);
-- Comments and their edits in lower case, for searching.
CREATE TABLE entity_comment_texts (
  entry_id bigint PRIMARY KEY NOT NULL REFERENCES entity_entries (id),
  text_key text NOT NULL
);
-- When an entity was seen first, however many incidents it is in.
CREATE INDEX incident_entities_first ON incident_entities (entity_id, first_seen);

-- Notes and importance were recorded among the changes of settings. What is known of an entity that turned out to be
-- another belongs to that.
INSERT INTO entity_entries (id, entity_id, kind, old_text, new_text, actor_kind, actor_id, actor_name, at)
  SELECT c.id, COALESCE(r.to_entity, c.setting_id), CASE c.kind WHEN 'entityNote' THEN 'note' ELSE 'importance' END,
    c.old_body, c.new_body, c.actor_kind, c.actor_id, c.actor_name, c.at
  FROM setting_changes c
  LEFT JOIN entity_redirects r ON r.entity_id = c.setting_id
  WHERE c.kind IN ('entityNote', 'assetImportance')
    AND EXISTS (SELECT 1 FROM entities e WHERE e.id = COALESCE(r.to_entity, c.setting_id));
DELETE FROM setting_changes WHERE kind IN ('entityNote', 'assetImportance') AND id IN (SELECT id FROM entity_entries);
INSERT INTO counters (name, value) SELECT 'entity_entry', COALESCE(MAX(id), 0) FROM entity_entries;
