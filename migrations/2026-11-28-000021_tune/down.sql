DELETE FROM counters WHERE name = 'hidden_alert';
DROP TABLE hidden_counts;
DROP TABLE hidden_alerts;
-- The version before would apply proposed rules, and cannot read the new effects.
DELETE FROM house_rules WHERE pending OR body LIKE '%"effect":{"kind":"resolve"%'
  OR body LIKE '%"effect":{"kind":"setSeverity"%' OR body LIKE '%"effect":{"kind":"addTag"%';
ALTER TABLE house_rules DROP COLUMN trial;
ALTER TABLE house_rules DROP COLUMN proposed_at;
ALTER TABLE house_rules DROP COLUMN proposed_by;
ALTER TABLE house_rules DROP COLUMN pending;
ALTER TABLE users ADD COLUMN role_then text NOT NULL DEFAULT 'viewer'
  CHECK (role_then IN ('viewer', 'analyst', 'administrator'));
UPDATE users SET role_then = CASE WHEN role = 'lead' THEN 'analyst' ELSE role END;
ALTER TABLE users DROP COLUMN role;
ALTER TABLE users RENAME COLUMN role_then TO role;
