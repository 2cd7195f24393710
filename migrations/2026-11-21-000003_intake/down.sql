DROP TABLE source_hours;
DROP TABLE sources;
DROP TABLE refused_items;
DELETE FROM counters WHERE name = 'refused';
