-- Rules of the house: what is grouped, linked or ignored otherwise than correlation would. Their
-- changes stand in setting_changes.
CREATE TABLE house_rules (
  id bigint PRIMARY KEY NOT NULL,
  revision bigint NOT NULL,
  -- The first rule that matches wins.
  position bigint NOT NULL,
  name text NOT NULL,
  name_key text NOT NULL UNIQUE,
  enabled boolean NOT NULL,
  -- Condition and effect, as JSON.
  body text NOT NULL,
  owner_id bigint NOT NULL REFERENCES users (id),
  reason text NOT NULL,
  expires_at bigint,
  hits bigint NOT NULL,
  last_hit bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  updated_by text NOT NULL
);
-- How often a rule was used, by the day.
CREATE TABLE house_rule_days (
  rule_id bigint NOT NULL,
  day bigint NOT NULL,
  hits bigint NOT NULL,
  PRIMARY KEY (rule_id, day)
);
-- The incident that gathers the alerts of one value, and when they were active.
CREATE TABLE rule_groups (
  rule_id bigint NOT NULL,
  value_hash text NOT NULL,
  incident_id bigint NOT NULL REFERENCES incidents (id),
  first bigint NOT NULL,
  last bigint NOT NULL,
  PRIMARY KEY (rule_id, value_hash)
);
-- Incidents of alerts that are never correlated: nothing is gathered with them.
CREATE TABLE lone_incidents (
  incident_id bigint PRIMARY KEY NOT NULL REFERENCES incidents (id)
);
INSERT INTO counters (name, value) VALUES ('house_rule', 0);
