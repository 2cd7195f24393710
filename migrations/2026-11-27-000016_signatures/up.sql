-- The key of the signatures of a token's bodies. In clear: checking a signature means computing it.
ALTER TABLE api_tokens ADD COLUMN signing_secret text NULL;
-- Deliveries of Standard Webhooks that were stored, so that none is stored twice.
CREATE TABLE signed_deliveries (
    token_id bigint NOT NULL REFERENCES api_tokens (id),
    webhook_id text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (token_id, webhook_id)
);
CREATE INDEX signed_deliveries_at ON signed_deliveries (at);
