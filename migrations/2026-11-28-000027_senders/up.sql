-- Which tokens send which sources.
CREATE TABLE source_tokens (
    source text NOT NULL,
    token_id bigint NOT NULL,
    last_alert bigint NOT NULL,
    PRIMARY KEY (source, token_id)
);
INSERT INTO source_tokens (source, token_id, last_alert)
    SELECT name, first_token, last_alert FROM sources
    WHERE first_token IS NOT NULL AND last_alert IS NOT NULL
    AND EXISTS (SELECT 1 FROM source_hours WHERE source_hours.source = sources.name AND created + updated > 0);
-- In how many hours tokens have sent alerts of it. Of a source that sent only once, no silence is told.
ALTER TABLE sources ADD COLUMN busy_hours bigint NOT NULL DEFAULT 0;
UPDATE sources SET busy_hours =
    (SELECT count(*) FROM source_hours WHERE source_hours.source = sources.name AND created + updated > 0)
    WHERE live;
