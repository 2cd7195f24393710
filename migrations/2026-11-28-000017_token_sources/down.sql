DROP INDEX sources_first_token;
ALTER TABLE sources DROP COLUMN first_token;
DROP INDEX refused_items_sender;
ALTER TABLE refused_items DROP COLUMN bytes;
DROP TABLE earlier_payloads;
ALTER TABLE alert_payloads DROP COLUMN sender;
ALTER TABLE incidents DROP COLUMN told_by;
ALTER TABLE alerts DROP COLUMN told_by;
-- The version before would take every source from tokens that are bound to some.
UPDATE api_tokens SET revoked_at = created_at
WHERE revoked_at IS NULL AND id IN (SELECT token_id FROM token_sources);
DROP TABLE token_sources;
ALTER TABLE api_tokens DROP COLUMN any_source;
