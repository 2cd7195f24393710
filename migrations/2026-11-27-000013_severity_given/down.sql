ALTER TABLE source_hours DROP COLUMN severity_missing;
ALTER TABLE alerts DROP COLUMN severity_given;
