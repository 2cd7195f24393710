-- The name of each piece of evidence as its alert reported it. Of earlier alerts, that of the entity.
ALTER TABLE evidence ADD COLUMN name text NOT NULL DEFAULT '';
UPDATE evidence SET name = (SELECT e.name FROM entities e WHERE e.id = evidence.entity_id);
-- Facts stand at the evidence of each alert.
ALTER TABLE entities DROP COLUMN facts;

-- Names that alerts gave to an entity beside entities.name.
CREATE TABLE entity_names (
  id bigint PRIMARY KEY NOT NULL,
  entity_id bigint NOT NULL REFERENCES entities (id),
  kind text NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL,
  UNIQUE (entity_id, name_key)
);
INSERT INTO counters (name, value) VALUES ('entity_name', 0);
