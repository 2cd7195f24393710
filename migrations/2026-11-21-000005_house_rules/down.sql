DELETE FROM counters WHERE name = 'house_rule';
DELETE FROM setting_changes WHERE kind = 'houseRule';
DROP TABLE lone_incidents;
DROP TABLE rule_groups;
DROP TABLE house_rule_days;
DROP TABLE house_rules;
