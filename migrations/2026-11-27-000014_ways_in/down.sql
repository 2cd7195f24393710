-- The version before would take the tokens of addresses in headers.
UPDATE api_tokens SET revoked_at = created_at WHERE sent_in = 'address' AND revoked_at IS NULL;
ALTER TABLE api_tokens DROP COLUMN sent_in;
