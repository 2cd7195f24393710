-- What people wrote, in lower case, for searching: comments, resolution notes, comments of moves and merges.
CREATE TABLE written_texts (
  entry_id bigint PRIMARY KEY NOT NULL REFERENCES history (id),
  text_key text NOT NULL
);
-- What alerts tell of entities beside their names, in lower case: command lines, paths, hashes.
CREATE TABLE entity_texts (
  id bigint PRIMARY KEY NOT NULL,
  entity_id bigint NOT NULL REFERENCES entities (id),
  text_key text NOT NULL
);
CREATE INDEX entity_texts_entity ON entity_texts (entity_id);
-- Entities that turned out to be others, so that their addresses still lead somewhere.
CREATE TABLE entity_redirects (
  entity_id bigint PRIMARY KEY NOT NULL,
  to_entity bigint NOT NULL REFERENCES entities (id)
);
CREATE INDEX entity_redirects_to ON entity_redirects (to_entity);
-- What people know of an entity, such as "scanner of the security team"; shown wherever it is named.
CREATE TABLE entity_notes (
  entity_id bigint PRIMARY KEY NOT NULL REFERENCES entities (id),
  note text NOT NULL
);
-- Alerts by the id that their provider gave them.
CREATE INDEX alerts_provider_id ON alerts (provider_alert_id);
-- The newest alerts of a title, for how those before were classified.
DROP INDEX alerts_title;
CREATE INDEX alerts_title ON alerts (title_key, status, id);

-- The last entry and the last piece of evidence whose texts `watchdesk migrate` still has to copy.
INSERT INTO counters (name, value) SELECT 'written_texts_left', COALESCE(MAX(id), 0) FROM history;
INSERT INTO counters (name, value) SELECT 'entity_texts_left', COALESCE(MAX(id), 0) FROM evidence;
