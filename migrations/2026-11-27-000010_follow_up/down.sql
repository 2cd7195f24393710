DROP INDEX incidents_follow_up;
ALTER TABLE incidents DROP COLUMN follow_up_at;
