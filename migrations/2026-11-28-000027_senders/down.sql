ALTER TABLE sources DROP COLUMN busy_hours;
DROP TABLE source_tokens;
