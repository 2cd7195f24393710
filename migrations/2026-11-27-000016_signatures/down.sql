-- The version before would take unsigned bodies of these tokens.
UPDATE api_tokens SET revoked_at = created_at WHERE signing_secret IS NOT NULL AND revoked_at IS NULL;
DROP TABLE signed_deliveries;
ALTER TABLE api_tokens DROP COLUMN signing_secret;
