-- Whom comments mention, and whether they have read it.
CREATE TABLE mentions (
  user_id bigint NOT NULL REFERENCES users (id),
  comment_id bigint NOT NULL REFERENCES history (id),
  is_read boolean NOT NULL,
  PRIMARY KEY (user_id, comment_id)
);
CREATE INDEX mentions_unread ON mentions (user_id, is_read);
