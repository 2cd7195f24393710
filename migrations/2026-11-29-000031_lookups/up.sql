-- Links to what others know of an entity. Nothing is sent until somebody follows one.
CREATE TABLE lookups (
  id bigint PRIMARY KEY NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  kinds text NOT NULL,
  template text NOT NULL
);
-- Edits of comments: the entry of each, and the comment that it edits.
CREATE TABLE comment_edits (
  edit_id bigint PRIMARY KEY NOT NULL REFERENCES history (id),
  comment_id bigint NOT NULL REFERENCES history (id)
);
CREATE INDEX comment_edits_comment ON comment_edits (comment_id, edit_id);
INSERT INTO counters (name, value) VALUES ('lookup', 0);
