DELETE FROM counters WHERE name = 'audit';
DROP TABLE audit_log;
