-- Every act of a person is an operation: who did it, what it did (the entries of the history that
-- carry its number), and whether it was undone. A long one is worked off item by item.
ALTER TABLE operations ADD COLUMN actor_id bigint;
ALTER TABLE operations ADD COLUMN actor_name text NOT NULL DEFAULT '';
-- "running" until its last item is worked off, then "done".
ALTER TABLE operations ADD COLUMN state text NOT NULL DEFAULT 'done';
ALTER TABLE operations ADD COLUMN undo_of bigint;
ALTER TABLE operations ADD COLUMN undone_by bigint;
ALTER TABLE operations ADD COLUMN total bigint NOT NULL DEFAULT 0;
ALTER TABLE operations ADD COLUMN ended_at bigint;
-- When a server that was started again went on with it.
ALTER TABLE operations ADD COLUMN resumed_at bigint;
-- What the form was sent with: sent twice, it is done once.
ALTER TABLE operations ADD COLUMN form text;
CREATE UNIQUE INDEX operations_form ON operations (form) WHERE form IS NOT NULL;
CREATE INDEX operations_running ON operations (id) WHERE state = 'running';
CREATE TABLE operation_items (
  operation_id bigint NOT NULL REFERENCES operations (id),
  incident_id bigint NOT NULL REFERENCES incidents (id),
  state text NOT NULL CHECK (state IN ('pending', 'done', 'skipped', 'failed')),
  -- Why it was not done, or not all of it, in words.
  reason text NOT NULL,
  PRIMARY KEY (operation_id, incident_id)
);
CREATE INDEX operation_items_state ON operation_items (operation_id, state, incident_id);
ALTER TABLE history ADD COLUMN operation_id bigint;
CREATE INDEX history_operation ON history (operation_id, incident_id) WHERE operation_id IS NOT NULL;
