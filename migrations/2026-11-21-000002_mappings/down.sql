DELETE FROM counters WHERE name IN ('mapping', 'setting_change');
ALTER TABLE api_tokens DROP COLUMN mapping_id;
DROP TABLE setting_changes;
DROP TABLE mappings;
