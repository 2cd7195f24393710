-- How urgent an incident is, 0 to 100; its reasons are worked out from the row.
ALTER TABLE incidents ADD COLUMN priority bigint NOT NULL DEFAULT 0;
CREATE INDEX queue_priority ON incidents (is_open, priority, updated_at, id);

-- What an asset is worth to the place, as people set it.
ALTER TABLE entities ADD COLUMN importance text NOT NULL DEFAULT 'normal';

-- How many alerts a detection raised in each span of 30 days since 1970: how rare it is.
CREATE TABLE detection_months (
  detection text NOT NULL,
  month bigint NOT NULL,
  alerts bigint NOT NULL,
  PRIMARY KEY (detection, month)
);

-- The version of the scores that are stored; 0 until `watchdesk migrate` has worked them out.
INSERT INTO counters (name, value)
  SELECT 'priority', CASE WHEN EXISTS (SELECT 1 FROM incidents) THEN 0 ELSE 1 END;
