-- The day on which somebody wants to come back to an incident: midnight UTC of that date.
ALTER TABLE incidents ADD COLUMN follow_up_at bigint;
CREATE INDEX incidents_follow_up ON incidents (follow_up_at) WHERE follow_up_at IS NOT NULL;
