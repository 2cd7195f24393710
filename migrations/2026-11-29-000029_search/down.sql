DELETE FROM counters WHERE name IN ('written_texts_left', 'entity_texts_left');
DROP INDEX alerts_title;
CREATE INDEX alerts_title ON alerts (title_key, status);
DROP INDEX alerts_provider_id;
DROP TABLE entity_notes;
DROP TABLE entity_redirects;
DROP TABLE entity_texts;
DROP TABLE written_texts;
