DROP TABLE preferences;
DELETE FROM counters WHERE name = 'view';
DROP TABLE views;
