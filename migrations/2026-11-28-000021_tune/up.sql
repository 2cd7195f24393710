-- The role "lead". SQLite cannot change a CHECK, so the column is replaced.
ALTER TABLE users ADD COLUMN role_then text NOT NULL DEFAULT 'viewer'
  CHECK (role_then IN ('viewer', 'analyst', 'lead', 'administrator'));
UPDATE users SET role_then = role;
ALTER TABLE users DROP COLUMN role;
ALTER TABLE users RENAME COLUMN role_then TO role;

-- A rule that was proposed decides nothing until it is approved.
ALTER TABLE house_rules ADD COLUMN pending boolean NOT NULL DEFAULT false;
ALTER TABLE house_rules ADD COLUMN proposed_by bigint NULL;
ALTER TABLE house_rules ADD COLUMN proposed_at bigint NULL;
-- The figures of its latest trial, as JSON.
ALTER TABLE house_rules ADD COLUMN trial text NULL;

-- What rules hid: the latest of each alert, until it is brought back or pushed out by later ones.
CREATE TABLE hidden_alerts (
  id bigint PRIMARY KEY NOT NULL,
  rule_id bigint NOT NULL,
  -- A hash of the source and its id for the alert.
  key text NOT NULL,
  at bigint NOT NULL,
  -- How often it was hidden.
  times bigint NOT NULL,
  title text NOT NULL,
  source text NOT NULL,
  asset text NOT NULL,
  -- The alert as it was read, as JSON, and as it was sent.
  record text NOT NULL,
  payload text NOT NULL,
  bytes bigint NOT NULL
);
CREATE UNIQUE INDEX hidden_alerts_key ON hidden_alerts (rule_id, key);
CREATE INDEX hidden_alerts_rule ON hidden_alerts (rule_id, id, bytes);
-- What became of it, by rule. Stays when the rule is deleted.
CREATE TABLE hidden_counts (
  rule_id bigint PRIMARY KEY NOT NULL,
  name text NOT NULL,
  -- Records that were hidden, repeats included.
  hidden bigint NOT NULL,
  -- Alerts that are kept now, and how much text they have.
  kept bigint NOT NULL,
  bytes bigint NOT NULL,
  -- Alerts that were not kept or were pushed out, brought back, and forgotten by a person.
  pushed_out bigint NOT NULL,
  brought_back bigint NOT NULL,
  forgotten bigint NOT NULL
);
-- What was hidden before was not kept.
INSERT INTO hidden_counts (rule_id, name, hidden, kept, bytes, pushed_out, brought_back, forgotten)
SELECT id, name, hits, 0, 0, hits, 0, 0 FROM house_rules WHERE hits > 0 AND body LIKE '%"effect":{"kind":"ignore"%';
INSERT INTO counters (name, value) VALUES ('hidden_alert', 0);
