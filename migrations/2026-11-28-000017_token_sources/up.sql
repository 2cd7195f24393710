-- The sources that a token is bound to. A token of any source has no rows here.
ALTER TABLE api_tokens ADD COLUMN any_source boolean NOT NULL DEFAULT false;
CREATE TABLE token_sources (
    token_id bigint NOT NULL REFERENCES api_tokens (id),
    source text NOT NULL,
    PRIMARY KEY (token_id, source)
);
-- The token that reported it first; none for an import and for what was stored before.
ALTER TABLE alerts ADD COLUMN told_by bigint NULL;
ALTER TABLE incidents ADD COLUMN told_by bigint NULL;
-- Who sent a payload, by name; empty for what was stored before.
ALTER TABLE alert_payloads ADD COLUMN sender text NOT NULL DEFAULT '';
-- Payloads that an update has replaced: the first of an alert and the latest of the others.
CREATE TABLE earlier_payloads (
    alert_id bigint NOT NULL REFERENCES alerts (id),
    number bigint NOT NULL,
    received_at bigint NOT NULL,
    sender text NOT NULL,
    payload text NOT NULL,
    cut boolean NOT NULL,
    PRIMARY KEY (alert_id, number)
);
-- How much text a refused item has, for the quota of its sender.
ALTER TABLE refused_items ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
UPDATE refused_items SET bytes = length(raw);
CREATE INDEX refused_items_sender ON refused_items (token_id, id, bytes);
-- The token whose alerts brought a source into the list.
ALTER TABLE sources ADD COLUMN first_token bigint NULL;
CREATE INDEX sources_first_token ON sources (first_token);
