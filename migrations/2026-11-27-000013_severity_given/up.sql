-- Whether the source gave the alert's severity. What was stored before counts as given: it is not known.
ALTER TABLE alerts ADD COLUMN severity_given BOOLEAN NOT NULL DEFAULT TRUE;
-- How many of the created alerts came without a severity that could be read.
ALTER TABLE source_hours ADD COLUMN severity_missing BIGINT NOT NULL DEFAULT 0;
