-- What was refused, with its text, until somebody mends the mapping and replays it.
INSERT INTO counters (name, value) VALUES ('refused', 0);
CREATE TABLE refused_items (
  id bigint PRIMARY KEY NOT NULL,
  at bigint NOT NULL,
  feed text NOT NULL,
  token_id bigint REFERENCES api_tokens (id),
  format text NOT NULL,
  line bigint,
  reason text NOT NULL,
  -- The reason without its numbers, so that the same mistake is one group.
  reason_key text NOT NULL,
  raw text NOT NULL,
  truncated boolean NOT NULL,
  replayed_at bigint
);
CREATE INDEX refused_items_reason ON refused_items (reason_key, id);
CREATE INDEX refused_items_feed ON refused_items (feed, id);
CREATE INDEX refused_items_at ON refused_items (at);

-- The health of sources: when each last told of something, and how much of what by the hour.
CREATE TABLE sources (
  name text PRIMARY KEY NOT NULL,
  -- Something that sends by itself feeds it, so silence means something.
  live boolean NOT NULL,
  first_seen bigint NOT NULL,
  last_seen bigint NOT NULL,
  last_alert bigint
);
CREATE TABLE source_hours (
  source text NOT NULL REFERENCES sources (name),
  hour bigint NOT NULL,
  created bigint NOT NULL,
  updated bigint NOT NULL,
  skipped bigint NOT NULL,
  refused bigint NOT NULL,
  PRIMARY KEY (source, hour)
);
CREATE INDEX source_hours_hour ON source_hours (hour);
