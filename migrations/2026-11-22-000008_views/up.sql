-- Views: filters of the queue that somebody keeps under a name, for themselves or for everybody.
CREATE TABLE views (
  id bigint PRIMARY KEY NOT NULL,
  owner_id bigint NOT NULL REFERENCES users (id),
  name text NOT NULL,
  name_key text NOT NULL,
  -- The queue's query string, without cursor and pane.
  query text NOT NULL,
  shared boolean NOT NULL,
  -- Among the owner's views.
  position bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  UNIQUE (owner_id, name_key)
);
CREATE INDEX views_shared ON views (shared, name_key);
INSERT INTO counters (name, value) VALUES ('view', 0);

-- What a person has chosen for themselves: columns, density, the view to begin with.
CREATE TABLE preferences (
  user_id bigint NOT NULL REFERENCES users (id),
  name text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (user_id, name)
);
