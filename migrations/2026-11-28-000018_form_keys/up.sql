-- Forms that added something: sent again, each is answered as the first time. Kept for a day.
CREATE TABLE form_keys (
  -- A hash of the person, the form's own key and what was typed.
  key text PRIMARY KEY NOT NULL,
  at bigint NOT NULL,
  -- The number that the first answer depended on.
  result bigint NOT NULL
);
CREATE INDEX form_keys_at ON form_keys (at);
