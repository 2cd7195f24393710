DELETE FROM counters WHERE name = 'priority';
DROP TABLE detection_months;
ALTER TABLE entities DROP COLUMN importance;
DROP INDEX queue_priority;
ALTER TABLE incidents DROP COLUMN priority;
